import { svgText } from './svgText.mts';

/** What a retouch asked for, and the how-manieth of its image it is. */
export interface Retouch {
	label: string;
	/** From 1. */
	number: number;
}

/** A coloured veil with a retouch's label (SVG), to lay over a picture of this size; each number has another colour. */
export function veil(
	{ label, number }: Retouch,
	{ width, height }: { width: number; height: number },
): Buffer {
	const hue = (number * 137) % 360;
	const band = Math.ceil(height / 8);
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
			<rect width="${width}" height="${height}" fill="hsl(${hue}, 90%, 50%)" fill-opacity="0.3"/>
			<rect width="${width}" height="${band}" fill="hsl(${hue}, 90%, 25%)"/>
			<text x="${band / 4}" y="${band * 0.65}" font-family="sans-serif" font-size="${band / 2}"
				fill="#ffffff">${svgText(label)}</text>
		</svg>`,
	);
}
