import { stackNames } from '@tweet-pipes/kit/command-line/lists';

/** The stacks that run where none are chosen. */
export const defaultStacks: readonly string[] = ['TweetPipes', 'TweetLake', 'SalesLake'];

/** The stack with the changes of orders, which have a bill of their own. */
export const salesStack = 'SalesLake';

/** The stacks that carry tweets, which the bill of a month is for. */
export const tweetStacks: readonly string[] = ['TweetPipes', 'TweetLake'];

/** Names of stacks, separated by commas. Throws commander's usage error when one is empty. */
export const parseStacks = stackNames('TweetPipes,TweetLake');
