import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

/** What may be spent, and who hears of it. */
export interface MonthlyBudgetProps {
  limitUsd: number;
  email: string;
}

/**
 * A budget for all costs of the account. A budget for this stack alone would need a cost allocation tag that is
 * activated by hand; until then it would stay at 0 and warn of nothing.
 */
export class MonthlyBudget extends Construct {
  constructor(scope: Construct, id: string, { limitUsd, email }: MonthlyBudgetProps) {
    super(scope, id);
    const mailAbove = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number) => ({
      notification: { notificationType, threshold, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers: [{ subscriptionType: 'EMAIL', address: email }],
    });
    new CfnBudget(this, 'Budget', {
      budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: limitUsd, unit: 'USD' } },
      notificationsWithSubscribers: [mailAbove('ACTUAL', 80), mailAbove('FORECASTED', 100)],
    });
  }
}
