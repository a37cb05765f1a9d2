import type { VNode } from 'preact';
import type { Session } from '../api.ts';
import type { Route } from './route.ts';

/** What every view gets. */
export interface ViewProps {
  readonly route: Route;
  readonly session: Session;
}

/** One page of the console. */
export interface View {
  /** The first part of its address: `executions`. */
  readonly key: string;
  readonly title: string;
  /** The heading over it in the navigation. */
  readonly group: string;
  component(props: ViewProps): VNode;
}
