import type { DatabaseSync } from 'node:sqlite';

/** The part of fauxqs's database that stores messages. */
interface MessageFile {
  readonly db: DatabaseSync;
  updateMessageReady(messageId: string): void;
}

/**
 * Repairs how fauxqs stores that a message is visible again (ChangeMessageVisibility to 0). Its statement sets the
 * receive count to NULL, which its table rejects, and the message is lost until a restart.
 */
export function repairReleasedMessages(file: MessageFile): void {
  const show = file.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  file.updateMessageReady = (messageId) => void show.run(messageId);
}
