export type ImageType = 'RAW' | 'JPG';

/** An AI Profile as the API lists it. */
export interface Profile {
	profile_key: number;
	profile_name: string;
	profile_type: string;
	image_type: ImageType;
}

/** The profiles of the API guide's sample; the two personal ones, whose keys it hides, have keys of their own. */
const sample: Array<[key: number, name: string, type: string, imageType: ImageType]> = [
	[218401, 'wedding', 'Personal', 'RAW'],
	[218402, 'wedding-lite-profile', 'Personal', 'RAW'],
	[14715, 'LOVE & LIGHT', 'Talent', 'RAW'],
	[196, 'WARM SKIN TONES', 'Talent', 'RAW'],
	[254, 'BODY LANGUAGE', 'Talent', 'RAW'],
	[328, 'BODY LANGUAGE - B&W', 'Talent', 'RAW'],
	[673, 'SIMPLY SUBLIME', 'Talent', 'RAW'],
	[943, 'TIMELESS COLOR', 'Talent', 'RAW'],
	[4042, 'CALIFORNIA DREAMING', 'Talent', 'RAW'],
	[5699, 'NATURAL FEELS', 'Talent', 'RAW'],
	[5700, 'CLEAN & CRISP', 'Talent', 'RAW'],
	[5701, 'TIERRA', 'Talent', 'RAW'],
	[9224, 'CINEMATIC LUXURY', 'Talent', 'RAW'],
	[21427, 'THE MODERN CLASSIC', 'Talent', 'RAW'],
	[21428, 'SILVER FILM', 'Talent', 'RAW'],
	[29132, 'MOMENTICOS', 'Talent', 'JPG'],
	[29133, 'MOMENTICOS - B&W', 'Talent', 'JPG'],
	[35653, 'LUXE COLOR', 'Talent', 'RAW'],
	[61725, 'NATURAL LIGHT STUDIO', 'Talent', 'RAW'],
	[71025, 'PEACHY BY PBX', 'Talent', 'RAW'],
	[163322, 'ELEGANT HOME', 'Talent', 'RAW'],
];

export const profiles: Profile[] = sample.map(([profile_key, profile_name, profile_type, image_type]) => ({
	profile_key,
	profile_name,
	profile_type,
	image_type,
}));

/** A profile that edits may use, although no list has it. */
export const unlistedProfile: Profile = {
	profile_key: 990001,
	profile_name: 'by invitation',
	profile_type: 'Shared',
	image_type: 'RAW',
};

/** The sky templates a sky replacement can choose from. */
export const skyTemplates = [
	{ id: 1, is_default: true },
	{ id: 2, is_default: false },
	{ id: 3, is_default: false },
];
