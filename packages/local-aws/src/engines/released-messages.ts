import type { DatabaseSync } from 'node:sqlite';

/** What fauxqs's own file knows of messages. */
interface MessageFile {
  readonly db: DatabaseSync;
  updateMessageReady(messageId: string): void;
}

/**
 * Repairs how fauxqs writes down that a hidden message is visible again (ChangeMessageVisibility to 0): its own
 * statement sets the receive count to NULL, which its table refuses, and the message is then gone until a restart.
 */
export function repairReleasedMessages(file: MessageFile): void {
  const show = file.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  file.updateMessageReady = (messageId) => void show.run(messageId);
}
