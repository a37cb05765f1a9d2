import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../api.ts';
import { Icon } from '../components/icon.ts';
import { Note } from '../components/notes.ts';
import { AwsBanner } from './aws-banner.ts';
import { connection } from './call-api.ts';
import type { ConnectionState } from './connection.ts';
import { formatTime } from './format.ts';
import { formatRoute, type Route } from './route.ts';
import type { View } from './view.ts';

export interface LayoutProps {
  session: Session | undefined;
  route: Route;
  views: readonly View[];
  /** The one that is shown. */
  view: View;
  children: ComponentChildren;
}

/** Top bar, navigation, banners, and the view. */
export function Layout(props: LayoutProps): VNode {
  const { session, route, views, view, children } = props;
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [route]);
  const state = useConnection();
  return html`
    <a class="skip" href="#content" onClick=${skipToContent}>Skip to content</a>
    <header class="top">
      <button type="button" class="menu" aria-expanded=${isOpen} aria-controls="navigation"
        onClick=${() => setOpen(!isOpen)}>
        <${Icon} name="menu" /><span class="unseen">Navigation</span>
      </button>
      <a class="brand" href=${formatRoute('')}>tweet-pipes</a>
      <div class="where">${session && html`<${Where} session=${session} />`}<${ConnectionMark} state=${state} /></div>
    </header>
    <div class="frame">
      <nav id="navigation" class=${isOpen ? 'open' : ''} aria-label="Views">
        <${Navigation} views=${views} view=${view} /></nav>
      <main id="content" tabindex="-1">
        ${session?.place === 'aws' && html`<${AwsBanner} session=${session} />`}
        <${Banners} state=${state} />
        ${children}
      </main>
    </div>`;
}

function Navigation({ views, view }: Pick<LayoutProps, 'views' | 'view'>): VNode {
  const groups = [...new Set(views.map(({ group }) => group))];
  return html`${groups.map(
    (group) => html`<div key=${group} class="nav-group"><h2>${group}</h2><ul>
      ${views
        .filter((other) => other.group === group)
        .map(
          ({ key, title }) =>
            html`<li key=${key}>
              <a href=${formatRoute(key)} aria-current=${key === view.key ? 'page' : undefined}>${title}</a></li>`,
        )}
    </ul></div>`,
  )}`;
}

function Where({ session }: { session: Session }): VNode {
  const place = session.endpoint?.replace(/^https?:\/\//, '') ?? `Account ${session.accountId}`;
  return html`<span class="place">${session.place === 'local' ? 'Local' : 'AWS'} · ${place}</span>
    <span class="region">${session.region}</span>`;
}

function ConnectionMark({ state: { status } }: { state: ConnectionState }): VNode {
  const words = { connecting: 'Connecting', live: 'Live', away: 'Reconnecting' };
  return html`<span class="connection ${status}"><span class="dot" aria-hidden="true"></span>${words[status]}</span>`;
}

function Banners({ state }: { state: ConnectionState }): VNode {
  const { status, awaySinceMs, restartedAtMs } = state;
  return html`
    ${
      status === 'away' &&
      awaySinceMs !== undefined &&
      html`<${Note} tone="warning" title=${`The endpoint is away since ${formatTime(awaySinceMs)}, reconnecting.`}>
        What you see is from before. If the runtime was stopped, start it again as you started it before, with the
        same <code class="command">--data</code>.<//>`
    }
    ${
      status !== 'away' &&
      restartedAtMs !== undefined &&
      html`<${Note} tone="active"
        title=${`The runtime was started again; the page reached it at ${formatTime(restartedAtMs)}.`}
        action=${html`<button type="button" class="button"
          onClick=${() => connection.dismissRestart()}>Dismiss</button>`}>
        Nothing that was put is lost: the pipes go on where they were.<//>`
    }`;
}

function useConnection(): ConnectionState {
  const [state, setState] = useState(connection.state);
  useEffect(() => connection.subscribe(() => setState(connection.state)), []);
  return state;
}

/** The address after `#` names the view, so the link must not change it. */
function skipToContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
