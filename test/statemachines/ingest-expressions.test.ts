import { testExpressions } from './expression-cases.ts';
import { fillHoles } from './ingest-fixture.ts';

testExpressions({ workflow: 'ingest', casesFolder: 'cases', fillHoles });
