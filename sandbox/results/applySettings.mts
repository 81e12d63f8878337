import sharp, { type Matrix3x3, type Region, type Sharp } from 'sharp';
import type { CameraRawSettings } from './cameraRaw.mts';

/** A picture's pixels: upright, three bytes each, in sRGB. */
export interface Pixels {
	data: Buffer;
	info: { width: number; height: number };
}

/** The temperature that photos are taken to be shot at, in kelvins. */
const shotTemperature = 5500;

/** The power of a pixel's value that its light goes by. */
const gamma = 2.2;

/** How bright red, green and blue are to the eye. */
const luminance = [0.2126, 0.7152, 0.0722];

/** The picture of these pixels. */
export function pictureOf({ data, info: { width, height } }: Pixels): Sharp {
	return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The picture that the settings make of these pixels, which are changed: exposure, white balance, contrast, saturation, crop. */
export function applySettings(pixels: Pixels, settings: CameraRawSettings): Sharp {
	applyCurves(pixels.data, toneCurves(settings));
	return pictureOf(pixels).recomb(saturationMatrix(settings)).extract(cropArea(settings, pixels.info));
}

function applyCurves(data: Buffer, [red, green, blue]: Uint8Array[]): void {
	for (let at = 0; at < data.length; at += 3) {
		data[at] = red[data[at]];
		data[at + 1] = green[data[at + 1]];
		data[at + 2] = blue[data[at + 2]];
	}
}

/** A curve each for red, green and blue. */
function toneCurves({ Exposure2012, ColorTemperature, Tint, Contrast2012 }: CameraRawSettings): Uint8Array[] {
	const warmth = Math.log2(ColorTemperature / shotTemperature);
	const stops = [Exposure2012 + warmth, Exposure2012 - Tint / 100, Exposure2012 - warmth];
	return stops.map((channelStops) => toneCurve(channelStops, Contrast2012 / 100));
}

/** What becomes of each value. Black and white stay as they are, so nothing is clipped. */
function toneCurve(stops: number, contrast: number): Uint8Array {
	const gain = 2 ** stops;
	return Uint8Array.from({ length: 256 }, (_, value) => {
		const light = (value / 255) ** gamma;
		const exposed = ((gain * light) / (1 + (gain - 1) * light)) ** (1 / gamma);
		const steeper = exposed - (contrast * Math.sin(2 * Math.PI * exposed)) / (2 * Math.PI);
		return Math.round(255 * steeper);
	});
}

function saturationMatrix({ Saturation, ConvertToGrayscale }: CameraRawSettings): Matrix3x3 {
	const saturation = ConvertToGrayscale ? 0 : 1 + Saturation / 100;
	const row = (channel: number) =>
		luminance.map((share, other) => share * (1 - saturation) + (other === channel ? saturation : 0));
	return [row(0), row(1), row(2)] as Matrix3x3;
}

function cropArea(
	{ CropTop = 0, CropLeft = 0, CropBottom = 1, CropRight = 1 }: CameraRawSettings,
	{ width, height }: Pixels['info'],
): Region {
	const left = Math.round(CropLeft * width);
	const top = Math.round(CropTop * height);
	return {
		left,
		top,
		width: Math.round(CropRight * width) - left,
		height: Math.round(CropBottom * height) - top,
	};
}
