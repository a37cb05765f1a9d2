import { headline } from './headline/headline.ts';
import { producer } from './producer.ts';
import type { Subject } from './subject.ts';

/** What the bench measures, in the order in which it does. */
export const subjects: readonly Subject[] = [headline, producer];
