import { createHash } from 'node:crypto';
import type { WriteTags } from 'exiftool-vendored';
import type { Order } from '../account/project.mts';

/** Camera Raw settings by their names in the `crs:` namespace; ExifTool's name, ColorTemperature, for `crs:Temperature`. */
export interface CameraRawSettings {
	/** In stops. */
	Exposure2012: number;
	/** In kelvins; the higher, the warmer the picture. */
	ColorTemperature: number;
	/** From -100, green, to 100, magenta. */
	Tint: number;
	/** From -100 to 100, as is Saturation. */
	Contrast2012: number;
	Saturation: number;
	ConvertToGrayscale: boolean;
	HasCrop: boolean;
	/** The sides of the crop, as shares of width and height; left out without one. */
	CropTop?: number;
	CropLeft?: number;
	CropBottom?: number;
	CropRight?: number;
	CropAngle?: number;
	PerspectiveVertical?: number;
	Texture?: number;
	Dehaze?: number;
}

/** The settings of an edit: made up, but the same for the same profile and tools. Smart Editing has no profile. */
export function cameraRawSettings({ profile, tools }: Order): CameraRawSettings {
	const within = seeded(profile ? String(profile.profile_key) : 'Smart Editing');
	return {
		Exposure2012: within(40, 100) / 100,
		ColorTemperature: 100 * within(49, 65),
		Tint: within(-8, 8),
		Contrast2012: within(0, 25),
		Saturation: within(0, 20),
		ConvertToGrayscale: /B&W|SILVER/.test(profile?.profile_name ?? ''),
		...toolSettings(tools),
	};
}

/** What a photo's XMP says: the settings, and whose they are. */
export function cameraRawTags(settings: CameraRawSettings, photoName: string): WriteTags {
	const tags = {
		Version: '15.4',
		ProcessVersion: '11.0',
		HasSettings: true,
		RawFileName: photoName,
		WhiteBalance: 'Custom',
		...settings,
	};
	return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`XMP-crs:${name}`, value]));
}

/** The mark that each tool leaves. What would have to be seen in the photo, such as a horizon, is taken to be level. */
function toolSettings(tools: Order['tools']) {
	const { crop, portrait_crop, headshot_crop } = tools;
	const cropped = crop === true || portrait_crop === true || headshot_crop === true;
	return {
		HasCrop: cropped,
		...(cropped && { CropTop: 0.05, CropLeft: 0.05, CropBottom: 0.95, CropRight: 0.95 }),
		...(tools.straighten === true && { CropAngle: 0 }),
		...(tools.perspective_correction === true && { PerspectiveVertical: 0 }),
		...(tools.smooth_skin === true && { Texture: -20 }),
		...(tools.window_pull === true && { Dehaze: 10 }),
	};
}

/** Gives whole numbers between two bounds, both included: another one each time, the same ones for the same seed. */
function seeded(seed: string): (least: number, most: number) => number {
	let draws = 0;
	return (least, most) => {
		const digest = createHash('sha256').update(`${seed} ${draws++}`).digest();
		return least + (digest.readUInt32BE(0) % (most - least + 1));
	};
}
