import type { AslMachine, AslState } from './asl.ts';
import { errorLabel, mapCaption, resourceCaption, ruleLabel } from './labels.ts';

/** A state, or the dot where a scope starts or ends. */
export interface StateNode {
  readonly kind: AslState['Type'] | 'Start' | 'End';
  /** The state's name; empty for a dot. */
  readonly name: string;
  /** The names of the states that contain it and its own, from the outside in. */
  readonly path: readonly string[];
  /** A second, quieter text: the service that a Task calls, how many items a Map takes at once. */
  readonly caption: string;
  /** What a Map or a Parallel state runs. */
  readonly inner: readonly StateGraph[];
}

/** Where one state hands over to another. `from` and `to` are places in the graph's `nodes`. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  readonly kind: 'next' | 'choice' | 'default' | 'catch';
  /** Short enough to stand beside the line; empty where there is none. */
  readonly label: string;
}

/** The states of one scope, in the order of the definition after the start, and their transitions. */
export interface StateGraph {
  readonly nodes: readonly StateNode[];
  readonly transitions: readonly Transition[];
}

/** The graph of a state machine. Throws when a transition leads to a state that the scope does not have. */
export function stateGraph(machine: AslMachine, path: readonly string[] = []): StateGraph {
  const states = Object.entries(machine.States);
  const nodes: StateNode[] = [dot('Start', path), ...states.map(([name, state]) => stateNode(name, state, path))];
  if (states.some(([, state]) => state.End)) nodes.push(dot('End', path));

  const place = (name: string) => {
    const index = states.findIndex(([candidate]) => candidate === name);
    if (index === -1) throw new Error(`No state ${[...path, name].join('/')}, but a transition leads there.`);
    return index + 1;
  };
  const transitions: Transition[] = [{ from: 0, to: place(machine.StartAt), kind: 'next', label: '' }];
  for (const [name, state] of states) {
    const from = place(name);
    const add = (to: number, kind: Transition['kind'], label = '') => transitions.push({ from, to, kind, label });
    for (const { Condition, Next } of state.Choices) add(place(Next), 'choice', ruleLabel(Condition));
    if (state.Default !== undefined) add(place(state.Default), 'default', 'else');
    if (state.Next !== undefined) add(place(state.Next), 'next');
    if (state.End) add(nodes.length - 1, 'next');
    for (const { ErrorEquals, Next } of state.Catch) add(place(Next), 'catch', errorLabel(ErrorEquals));
  }
  return { nodes, transitions };
}

function dot(kind: 'Start' | 'End', path: readonly string[]): StateNode {
  return { kind, name: '', path, caption: '', inner: [] };
}

function stateNode(name: string, state: AslState, scope: readonly string[]): StateNode {
  const path = [...scope, name];
  const machines = [state.ItemProcessor, state.Iterator, ...state.Branches].filter((machine) => machine !== undefined);
  return {
    kind: state.Type,
    name,
    path,
    caption: caption(state),
    inner: machines.map((machine) => stateGraph(machine, path)),
  };
}

function caption({ Type, Resource, MaxConcurrency }: AslState): string {
  if (Type === 'Map') return mapCaption(MaxConcurrency);
  if (Type === 'Parallel') return 'in parallel';
  return Resource === undefined ? '' : resourceCaption(Resource);
}
