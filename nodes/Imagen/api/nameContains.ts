/** Whether a name has a part that a user asks for, whatever the case and the Unicode form of both: macOS writes accents as letters of their own. */
export const nameContains = (name: string, part = ''): boolean =>
	comparable(name).includes(comparable(part.trim()));

const comparable = (text: string) => text.normalize('NFC').toLowerCase();
