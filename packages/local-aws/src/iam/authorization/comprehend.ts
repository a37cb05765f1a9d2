import { anything, type Rows, sameAction } from './asked.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncomprehend.html */
export const comprehend: Rows = sameAction('comprehend', anything, ['BatchDetectSentiment', 'DetectSentiment']);
