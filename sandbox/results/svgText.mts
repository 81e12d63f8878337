/** A text as it can stand in an SVG, without what XML does not allow. */
export function svgText(text: string): string {
	return [...text].filter(isPrintable).map(escaped).join('');
}

/** XML allows neither control characters nor half a surrogate pair. */
function isPrintable(character: string): boolean {
	return /^[^\p{Cc}\p{Cs}\uFFFE\uFFFF]$/u.test(character);
}

function escaped(character: string): string {
	return /[&<>]/.test(character) ? `&#${character.charCodeAt(0)};` : character;
}
