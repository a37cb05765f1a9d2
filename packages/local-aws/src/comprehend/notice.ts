/** What stands in for Comprehend's model, and how good it is. Answers, log, docs and the list of inert parts say it. */
export const standInNotice =
  'This is a stand-in, not the model of Amazon Comprehend: the word list AFINN-165 and emoji, right in about 55 % of the tweets of SemEval-2017. Other languages than English are judged by emoji alone.';
