import { formatRoute } from '../../app/route.ts';
import type { Stage } from './api.ts';

/** Where the detail of a stage is. */
export function stageHref({ kind, name }: Stage): string {
  switch (kind) {
    case 'pipe':
      return formatRoute('pipes', name);
    case 'workflow':
      return formatRoute('executions', undefined, { workflow: name.split(':').at(-1) });
    case 'quarantine':
      return formatRoute('quarantine');
    case 'queries':
      return formatRoute('queries');
    case 'bucket': {
      const [bucket = '', ...rest] = name.split('/');
      return formatRoute('objects', undefined, { place: bucket, prefix: rest.join('/') });
    }
    case 'producer':
    case 'stream':
    case 'table':
    case 'function':
    case 'delivery':
      return formatRoute('pipeline', undefined, { kind, name });
  }
}
