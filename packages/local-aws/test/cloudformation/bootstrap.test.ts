import { describe, expect, it } from '@jest/globals';
import { Bootstrap } from '../../src/cloudformation/bootstrap.ts';
import { FakeEngine } from './fake-engine.ts';

const VERSION = '/cdk-bootstrap/hnb659fds/version';

describe('Bootstrap', () => {
  it('makes the stack of the CDK once, when its version is asked for', async () => {
    const engine = new FakeEngine();
    const bootstrap = new Bootstrap({ engine: () => engine, parameters: new Map() });
    await bootstrap.provide('/other');
    expect(engine.stacks()).toEqual([]);
    await Promise.all([bootstrap.provide(VERSION), bootstrap.provide(VERSION)]);
    await bootstrap.provide(VERSION);
    expect(engine.stacks()).toMatchObject([
      {
        ...{ name: 'CDKToolkit', status: 'CREATE_COMPLETE' },
        resources: [
          { logicalId: 'StagingBucket', type: 'AWS::S3::Bucket' },
          { logicalId: 'CdkBootstrapVersion', properties: { Name: VERSION, Value: '23' } },
        ],
      },
    ]);
    expect(engine.asked).toHaveLength(1);
  });

  it('leaves a stack of that name alone, and a version that is there', async () => {
    const engine = new FakeEngine();
    engine.put(FakeEngine.stack('CDKToolkit'));
    await new Bootstrap({ engine: () => engine, parameters: new Map() }).provide(VERSION);
    const version = {
      name: VERSION,
      type: 'String' as const,
      value: '9',
      version: 1,
      dataType: 'text' as const,
      changedAtMs: 0,
    };
    const other = new FakeEngine();
    await new Bootstrap({ engine: () => other, parameters: new Map([[VERSION, version]]) }).provide(VERSION);
    expect([engine.asked, other.asked]).toEqual([[], []]);
  });
});
