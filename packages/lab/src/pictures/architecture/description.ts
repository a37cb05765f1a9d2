import type { Anchor } from '../svg/draw.ts';
import { type Box, boxAround, type Point } from '../svg/geometry.ts';
import type { SymbolName } from './symbols.ts';

/**
 * A resource of the template: its type, and its logical id without the hash that the CDK appends. Also what another
 * stack exports: type `Fn::ImportValue`, and the name of the export.
 */
export interface Resource {
  readonly type: string;
  readonly id: string;
}

/**
 * Something that data passes or that keeps it. Coordinates are user units from the top left corner of the picture's
 * content.
 */
export interface Part extends Box {
  /** A `card` has a symbol and two lines of text, a `row` one line inside a `frame`. */
  readonly shape: 'card' | 'row' | 'frame';
  readonly symbol: SymbolName;
  readonly title: string;
  readonly caption: string;
  /** What it stands for in the template. A card that stands for several is a stack. */
  readonly resources: readonly Resource[];
}

/** A flow of data from some parts to others, by their names. */
export interface Flow<Name extends string = string> {
  readonly from: readonly Name[];
  readonly to: readonly Name[];
  /** `failure` for what is given up, `call` for a question with an answer. */
  readonly kind: 'data' | 'failure' | 'call';
  /** The lines, from the source's border to the target's. */
  readonly lines: readonly (readonly Point[])[];
  readonly label?: { readonly text: string; readonly at: Point; readonly anchor: Anchor };
}

/** The picture of a stack: placed by hand, and compared with the template (docs/adr/0026). */
export interface Description<Name extends string = string> {
  readonly title: string;
  readonly subtitle: string;
  /** How much room the content takes. */
  readonly size: { readonly width: number; readonly height: number };
  /** Everything that is drawn; frames come before what is in them. */
  readonly parts: Readonly<Record<Name, Part>>;
  /** What flows where. */
  readonly flows: readonly Flow<NoInfer<Name>>[];
  /** References in the template where no data flows: what knows what, and why. */
  readonly acquaintances: readonly (Pick<Flow<NoInfer<Name>>, 'from' | 'to'> & { readonly why: string })[];
  /** Types of resources that serve the drawn ones. */
  readonly supportingTypes: readonly string[];
}

/** A description whose flows name parts that it has. */
export function description<Name extends string>(described: Description<Name>): Description {
  return described;
}

/** A place. */
export function p(x: number, y: number): Point {
  return { x, y };
}

/** A card around a place. */
export function card(
  x: number,
  y: number,
  symbol: SymbolName,
  title: string,
  caption: string,
  resources: readonly Resource[],
): Part {
  return { ...boxAround(p(x, y), { width: 150, height: 56 }), shape: 'card', symbol, title, caption, resources };
}

/** A row in a box. */
export function row(
  box: Box,
  symbol: SymbolName,
  title: string,
  caption: string,
  resources: readonly Resource[],
): Part {
  return { ...box, shape: 'row', symbol, title, caption, resources };
}

/** A frame around rows. */
export function frame(box: Box, symbol: SymbolName, title: string, caption: string): Part {
  return { ...box, shape: 'frame', symbol, title, caption, resources: [] };
}

/** A resource of this type, by its logical id without the hash. */
export const resource =
  (type: string) =>
  (id: string): Resource => ({ type, id });

/** What the stack `TweetPipes` exports. */
export const exported = (output: string): Resource => ({ type: 'Fn::ImportValue', id: `TweetPipes-${output}` });

/** Types that serve others in each stack. */
export const alwaysSupporting: readonly string[] = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::Logs::LogStream',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
];
