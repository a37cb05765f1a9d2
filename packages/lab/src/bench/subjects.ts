import { PROJECT_FOLDER } from '@tweet-pipes/cli/project-folder';
import { bill } from './bill.ts';
import { changesSubject } from './changes.ts';
import { components } from './components/components.ts';
import { growth } from './growth.ts';
import { headline } from './headline/headline.ts';
import { lake } from './lake.ts';
import { looking } from './looking.ts';
import { producer } from './producer.ts';
import { reading } from './reading.ts';
import { roles } from './roles/roles.ts';
import { startUp } from './start-up.ts';
import type { Subject } from './subject.ts';
import { suiteSubject } from './suite.ts';

/** All subjects, in the order in which they run. */
export const subjects: readonly Subject[] = [
  headline,
  bill,
  components,
  producer,
  reading,
  lake,
  changesSubject({ changeCount: 10_000, fileSeconds: 10 }),
  looking,
  roles,
  startUp,
  growth,
  suiteSubject(PROJECT_FOLDER),
];
