import { svgText } from './svgText.mts';

/** A picture with a photo's name on it (SVG), for photos whose pixels cannot be read. */
export function placeholderPicture(fileName: string): Buffer {
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="800">
			<rect width="1200" height="800" fill="#3b4a54"/>
			<circle cx="900" cy="220" r="90" fill="#f2c14e"/>
			<path d="M0 800 L400 330 L700 640 L860 500 L1200 800 Z" fill="#8fa6a1"/>
			<text x="60" y="120" font-family="sans-serif" font-size="56" fill="#ffffff">${svgText(fileName)}</text>
		</svg>`,
	);
}
