import { testExpressions } from './expression-cases.ts';
import { fillHoles } from './sentiment-fixture.ts';

testExpressions({ workflow: 'sentiment', casesFolder: 'sentiment-cases', fillHoles });
