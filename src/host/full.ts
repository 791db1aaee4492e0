/** What a full disk (or one without inodes) is called by whoever ran into it: the kernel, SQLite, a quota. */
const words =
  /No space left on device|Disk quota exceeded|database or disk is full|the disk or its inodes are full/;

/** Whether what was said means that there was no room, and what to do then. */
export const isFull = (text: string): boolean => words.test(text);
export const fullHint = "the disk or its inodes are full: free some and run again (df -h, df -i)";
