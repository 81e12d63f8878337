import { svgText } from './svgText.mts';

/** What a retouch asked for, and its number among the retouches of its image. */
export interface Retouch {
	label: string;
	/** From 1. */
	number: number;
}

/** Places for labels, one below the other. */
const bands = 8;

/**
 * A coloured overlay with a retouch's label (SVG), for a picture of this size. Each number has another colour and
 * place, so that a version shows the labels of those it was made from.
 */
export function overlay(
	{ label, number }: Retouch,
	{ width, height }: { width: number; height: number },
): Buffer {
	const hue = (number * 137) % 360;
	const band = height / bands;
	const top = band * ((number - 1) % bands);
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
			<rect width="${width}" height="${height}" fill="hsl(${hue}, 90%, 50%)" fill-opacity="0.3"/>
			<rect y="${top}" width="${width}" height="${band}" fill="hsl(${hue}, 90%, 25%)"/>
			<text x="${band / 4}" y="${top + band * 0.65}" font-family="sans-serif" font-size="${band / 2}"
				fill="#ffffff">${svgText(label)}</text>
		</svg>`,
	);
}
