import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { WorkflowName } from '../../api.ts';
import { Heading } from '../../app/heading.ts';
import type { ViewProps } from '../../app/view.ts';
import { Card } from '../../components/card.ts';
import { type Column, Table } from '../../components/table.ts';

const columns: readonly Column<WorkflowName>[] = [
  { key: 'title', title: 'Workflow', cell: ({ title }) => title, sortValue: ({ title }) => title },
  { key: 'stack', title: 'Stack', cell: ({ stack }) => stack, sortValue: ({ stack }) => stack },
  { key: 'arn', title: 'ARN', cell: ({ arn }) => arn, isSecondary: true },
];

/** The workflows of the stacks. */
export function ExecutionsView({ session: { workflows } }: ViewProps): VNode {
  return html`<${Heading} title="Executions" />
    <${Card} title="Workflows" count=${workflows.length} isFlush>
      <${Table} label="Workflows" columns=${columns} rows=${workflows} keyOf=${({ arn }: WorkflowName) => arn} />
    <//>`;
}
