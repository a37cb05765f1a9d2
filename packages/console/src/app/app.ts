import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Session } from '../api.ts';
import { Empty, FailureNote, Loading } from '../components/notes.ts';
import { views } from '../views/views.ts';
import { Layout } from './layout.ts';
import { setPace } from './pace.ts';
import { useLive } from './use-live.ts';
import { useRoute } from './use-route.ts';

/** Milliseconds between looks at the session, which notice a server that is away even in a view that does not poll. */
const SESSION_MS = 5_000;

/** The whole page. */
export function App(): VNode {
  const route = useRoute();
  const { data: session, failure } = useLive<Session>('session', {}, SESSION_MS);
  if (session !== undefined) setPace(session.place);
  const view = views.find(({ key }) => key === route.view);
  const content = () => {
    if (route.view !== '' && view === undefined) {
      return html`<${Empty} title="There is no such view">
        The address names “${route.view}”. Choose a view on the left.<//>`;
    }
    if (session === undefined) {
      return failure === undefined
        ? html`<${Loading} what="what is here" />`
        : html`<${FailureNote} failure=${failure} what="The console cannot show anything yet" />`;
    }
    const { component } = view ?? views[0];
    return html`<${component} route=${route} session=${session} />`;
  };
  return html`<${Layout} session=${session} route=${route} views=${views} view=${view ?? views[0]}>${content()}<//>`;
}
