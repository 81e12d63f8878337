import { createHash } from 'node:crypto';
import type { EditOrder } from '../account/project.mts';

/** Camera Raw settings by their names in the `crs:` namespace. */
export type CameraRawSettings = Record<string, string | number | boolean>;

/**
 * The settings an edit gives a photo: the look comes from the profile, exposure and white balance from the photo as
 * well, and each AI tool leaves its mark. Made up, but the same for the same profile, photo and tools.
 */
export function cameraRawSettings({ profile, tools }: EditOrder, photoName: string): CameraRawSettings {
	const look = seeded(String(profile.profile_key));
	const photo = seeded(`${profile.profile_key} ${photoName}`);
	return {
		Version: '15.4',
		ProcessVersion: '11.0',
		HasSettings: true,
		RawFileName: photoName,
		WhiteBalance: 'Custom',
		ColorTemperature: 100 * photo(45, 65),
		Tint: photo(-10, 20),
		Exposure2012: photo(-50, 120) / 100,
		Contrast2012: look(-20, 30),
		Highlights2012: look(-80, 0),
		Shadows2012: look(0, 60),
		Whites2012: look(-10, 30),
		Blacks2012: look(-30, 10),
		Vibrance: look(0, 25),
		Saturation: look(-10, 10),
		Sharpness: look(25, 60),
		ConvertToGrayscale: /B&W|SILVER/.test(profile.profile_name),
		...toolSettings(tools, photo),
	};
}

function toolSettings(tools: EditOrder['tools'], photo: RandomInteger): CameraRawSettings {
	const { crop, portrait_crop, headshot_crop, straighten, perspective_correction } = tools;
	const cropped = crop === true || portrait_crop === true || headshot_crop === true;
	const straightened = straighten === true;
	return {
		HasCrop: cropped || straightened,
		...(cropped && { CropTop: 0.05, CropLeft: 0.05, CropBottom: 0.95, CropRight: 0.95 }),
		...(straightened && { CropAngle: photo(-300, 300) / 100 }),
		...(perspective_correction === true && { PerspectiveVertical: photo(-20, 20) }),
		...(tools.smooth_skin === true && { Texture: -20 }),
		...(tools.window_pull === true && { Dehaze: 10 }),
	};
}

/** A random whole number between two bounds, both included. */
type RandomInteger = (least: number, most: number) => number;

function seeded(seed: string): RandomInteger {
	let draws = 0;
	return (least, most) => {
		const digest = createHash('sha256').update(`${seed} ${draws++}`).digest();
		return least + (digest.readUInt32BE(0) % (most - least + 1));
	};
}
