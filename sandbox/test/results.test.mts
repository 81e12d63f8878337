import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { ExifTool, type Tags } from 'exiftool-vendored';
import sharp from 'sharp';
import { originOf } from '../results/plainResultRenderer.mts';
import { SandboxClient, jpegProfile, put } from '../sandboxClient.mts';
import { photo, photograph } from './helpers/cameraFiles.mts';

let imagen: SandboxClient;
let exifTool: ExifTool;
let folder: string;
beforeAll(async () => {
	imagen = await SandboxClient.start({ editSeconds: 0, exportSeconds: 0 });
	exifTool = new ExifTool({ maxProcs: 1 });
	folder = await mkdtemp(join(tmpdir(), 'sandbox-results-'));
});
beforeEach(async () => await imagen.control.reset());
afterAll(async () => {
	await imagen.close();
	await exifTool.end();
	await rm(folder, { recursive: true });
});

/** What exiftool reads in a file: the tags it has in the XMP namespaces, and the file's own. */
async function read(bytes: Buffer, name: string): Promise<Tags & Record<string, unknown>> {
	const path = join(folder, name);
	await writeFile(path, bytes);
	return await exifTool.read(path);
}

/** A camera file with these tags. */
async function tagged(name: string, tags: Record<string, string | number>): Promise<Buffer> {
	const path = join(folder, name);
	await writeFile(path, await photo(name));
	await exifTool.write(path, tags as object, { writeArgs: ['-m', '-overwrite_original'] });
	return await readFile(path);
}

async function edited(photos: Record<string, Buffer>, body: Record<string, unknown> = {}) {
	const uuid = await imagen.projectWith(photos);
	await imagen.edit(uuid, body);
	return { uuid, files: await imagen.download(uuid) };
}

async function exported(uuid: string): Promise<Map<string, Buffer>> {
	await imagen.export(uuid);
	return await imagen.download(uuid, 'export');
}

describe('a RAW photo comes back as an XMP sidecar', () => {
	it.each([
		['Nikon D70.nef', 'NIKON CORPORATION', 'NIKON D70', '2004:06:09 16:02:35'],
		['Canon M50.cr3', 'Canon', 'Canon EOS M50', '2018:02:21 12:08:56'],
		['Fujifilm S5Pro.raf', 'FUJIFILM', 'FinePix S5Pro', '2007:05:22 13:58:30'],
		['Panasonic LX3.rw2', 'Panasonic', 'DMC-LX3', '2008:08:06 15:21:56'],
	])(
		'the XMP sidecar of %s has Camera Raw settings, and the camera and date of its photo',
		async (name, make, model, taken) => {
			const { files } = await edited({ [name]: await photo(name) });
			const sidecar = name.replace(/\.\w+$/, '.xmp');
			expect([...files.keys()]).toEqual([sidecar]);
			const bytes = files.get(sidecar) as Buffer;
			expect(XMLValidator.validate(bytes.toString())).toBe(true);
			const tags = await read(bytes, sidecar);
			expect(tags).toMatchObject({
				FileType: 'XMP',
				Make: make,
				Model: model,
				RawFileName: name,
				HasSettings: true,
				WhiteBalance: 'Custom',
				ProcessVersion: 11,
			});
			expect(String((tags.DateTimeOriginal as { rawValue?: string }).rawValue)).toBe(taken);
			expect(tags.Exposure2012).toEqual(expect.any(Number));
		},
	);

	it('a file that is no RAW photo still gets an XMP sidecar', async () => {
		const { files } = await edited({ 'noise.arw': randomBytes(300_000) });
		const tags = await read(files.get('noise.xmp') as Buffer, 'noise.xmp');
		expect(tags).toMatchObject({ FileType: 'XMP', HasSettings: true, RawFileName: 'noise.arw' });
		expect(tags.Make).toBeUndefined();
	});

	it("an XMP sidecar has its photo's name, whatever characters are in it", async () => {
		const name = 'Зима & <Été> "50%".nef';
		const { files } = await edited({ [name]: await photo('Nikon D70.nef') });
		const sidecar = name.replace('.nef', '.xmp');
		expect([...files.keys()]).toEqual([sidecar]);
		expect(await read(files.get(sidecar) as Buffer, 'named.xmp')).toMatchObject({ RawFileName: name });
	});
});

describe('the settings', () => {
	const look = async (body: Record<string, unknown>) => {
		const { files } = await edited({ 'a.nef': await photo('Nikon D70.nef') }, body);
		return await read(files.get('a.xmp') as Buffer, 'a.xmp');
	};

	it('the edit settings are the same for the same profile, and differ for another', async () => {
		const shape = ({ Exposure2012, ColorTemperature, Contrast2012, Saturation }: Record<string, unknown>) =>
			JSON.stringify({ Exposure2012, ColorTemperature, Contrast2012, Saturation });
		const first = shape(await look({ profile_key: 196 }));
		expect(shape(await look({ profile_key: 196 }))).toBe(first);
		expect(shape(await look({ profile_key: 14715 }))).not.toBe(first);
	});

	it('the edit settings show the tools that were chosen', async () => {
		expect(await look({})).toMatchObject({ HasCrop: false });
		const tags = await look({ crop: true, straighten: true, smooth_skin: true });
		expect(tags).toMatchObject({ HasCrop: true, CropTop: 0.05, Texture: -20 });
		expect(tags.CropAngle).toEqual(expect.any(Number));
		expect(await look({ perspective_correction: true })).toHaveProperty('PerspectiveVertical');
	});

	it('a black-and-white profile turns a photo grey', async () => {
		expect(await look({ profile_key: 328 })).toMatchObject({ ConvertToGrayscale: true });
	});
});

describe('a DNG and a JPEG come back with XMP inside', () => {
	it('an edited DNG is still a DNG, with its previews and with XMP inside', async () => {
		const { files } = await edited({ 'a.dng': await photo('Canon 350D converted.dng') });
		const tags = await read(files.get('a.dng') as Buffer, 'a.dng');
		expect(tags).toMatchObject({
			FileType: 'DNG',
			Model: 'Canon EOS 350D DIGITAL',
			HasSettings: true,
			RawFileName: 'a.dng',
		});
	});

	it('an edited JPEG has the very same pixels, and XMP inside', async () => {
		const original = await photo('Pentax K10D.jpg');
		const { files } = await edited({ 'a.jpg': original }, { profile_key: jpegProfile });
		const result = files.get('a.jpg') as Buffer;
		expect(result.equals(original)).toBe(false);
		expect(await read(result, 'a.jpg')).toMatchObject({ FileType: 'JPEG', HasSettings: true });
		const pixels = async (jpeg: Buffer) => await sharp(jpeg).raw().toBuffer();
		expect((await pixels(result)).equals(await pixels(original))).toBe(true);
	});

	it('a DNG or JPEG that is no photo is returned as it came', async () => {
		const noise = randomBytes(10_000);
		const { files } = await edited({ 'noise.jpg': noise }, { profile_key: jpegProfile });
		expect(files.get('noise.jpg')?.equals(noise)).toBe(true);
	});
});

describe('an export is a JPEG that decodes', () => {
	it('the export of a JPEG has its pixels the right way up', async () => {
		const rotated = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#c03020' } })
			.withMetadata({ orientation: 6 })
			.jpeg()
			.toBuffer();
		const { uuid } = await edited({ 'a.jpeg': rotated }, { profile_key: jpegProfile });
		const result = (await exported(uuid)).get('a.jpg') as Buffer;
		const { width, height, orientation } = await sharp(result).metadata();
		expect({ width, height, orientation: orientation ?? 1 }).toEqual({
			width: 40,
			height: 60,
			orientation: 1,
		});
		const { dominant } = await sharp(result).stats();
		expect(dominant.r).toBeGreaterThan(dominant.b * 3);
	});

	it.each(['Nikon D70.nef', 'Canon M50.cr3', 'Fujifilm S5Pro.raf', 'Canon 350D converted.dng'])(
		'the export of %s is a JPEG that decodes',
		async (name) => {
			const { uuid } = await edited({ [name]: await photo(name) });
			const [[exportName, bytes]] = await exported(uuid);
			expect(exportName).toBe(name.replace(/\.\w+$/, '.jpg'));
			const { format, width } = await sharp(bytes).metadata();
			expect(format).toBe('jpeg');
			expect(width).toBeGreaterThanOrEqual(160);
			await expect(sharp(bytes).stats()).resolves.toBeDefined();
		},
	);

	it('the export of a RAW photo is its preview, turned as the photo was held', async () => {
		const path = join(folder, 'with-preview.dng');
		const preview = await sharp({ create: { width: 300, height: 200, channels: 3, background: '#2030c0' } })
			.jpeg()
			.toBuffer();
		await writeFile(join(folder, 'preview.jpg'), preview);
		await writeFile(path, await photo('Canon 350D converted.dng'));
		const writeArgs = [`-PreviewImage<=${join(folder, 'preview.jpg')}`, '-m', '-overwrite_original'];
		await exifTool.write(path, { 'Orientation#': 6 } as object, { writeArgs });
		const { uuid } = await edited({ 'held.dng': await readFile(path) });
		const result = (await exported(uuid)).get('held.jpg') as Buffer;
		expect(await sharp(result).metadata()).toMatchObject({ width: 200, height: 300 });
	});

	it('the export of a file that is no photo is a picture of its name', async () => {
		const { uuid } = await edited({ 'noise <&>.arw': randomBytes(100_000) });
		const result = (await exported(uuid)).get('noise <&>.jpg') as Buffer;
		expect(await sharp(result).metadata()).toMatchObject({ format: 'jpeg', width: 1200 });
	});
});

describe('an export shows how its photo was edited', () => {
	/** The average of red, green and blue. */
	const averages = async (bytes: Buffer) =>
		(await sharp(bytes).stats()).channels.map(({ mean }) => mean) as [number, number, number];
	const sizeOf = async (bytes: Buffer) => {
		const { width, height } = await sharp(bytes).metadata();
		return { width, height };
	};
	/** How far two pictures of one size are from each other on average, 0..255. */
	const difference = async (one: Buffer, other: Buffer) => {
		const small = async (bytes: Buffer) => await sharp(bytes).resize(400).raw().toBuffer();
		const [a, b] = await Promise.all([small(one), small(other)]);
		expect(a.length).toBe(b.length);
		return a.reduce((sum, value, index) => sum + Math.abs(value - b[index]), 0) / a.length;
	};
	/** The picture that a RAW photo has inside. */
	const previewOf = async (name: string) => {
		const path = join(folder, name);
		await writeFile(path, await photograph(name));
		return await exifTool.extractBinaryTagToBuffer('PreviewImage', path);
	};
	const rawName = 'DSC00002.arw';
	const jpegName = 'DSC_0108.jpg';
	const editedAndExported = async (name: string, body: Record<string, unknown>) => {
		const { uuid, files } = await edited({ [name]: await photograph(name) }, body);
		const [[editName, edit]] = files;
		const [[, bytes]] = await exported(uuid);
		return { tags: await read(edit, editName), bytes };
	};

	it.each([196, 5699])(
		'an export of profile %i is brighter than its photo, and warmer or cooler, as its XMP says',
		async (profile_key) => {
			const { tags, bytes } = await editedAndExported(rawName, { profile_key });
			const [red, green, blue] = await averages(bytes);
			const [redBefore, greenBefore, blueBefore] = await averages(await previewOf(rawName));
			expect(tags.Exposure2012).toBeGreaterThan(0);
			expect(green).toBeGreaterThan(greenBefore * 1.03);
			const isWarmer = red / blue > redBefore / blueBefore;
			expect(isWarmer).toBe(Number(tags.ColorTemperature) > 5500);
		},
	);

	it('the exports of two profiles look different', async () => {
		const [one, other] = [
			await editedAndExported(rawName, { profile_key: 196 }),
			await editedAndExported(rawName, { profile_key: 5699 }),
		];
		expect(await difference(one.bytes, other.bytes)).toBeGreaterThan(3);
	});

	it('the export of a JPEG looks edited, and what Smart Editing makes of it does too', async () => {
		const original = await photograph(jpegName);
		const { bytes } = await editedAndExported(jpegName, { profile_key: jpegProfile });
		expect(await difference(bytes, original)).toBeGreaterThan(3);
		const uuid = await imagen.smartProjectWith({ [jpegName]: original });
		await imagen.smartEdit(uuid);
		const smart = (await imagen.downloadSmart(uuid)).get(jpegName) as Buffer;
		expect(await difference(smart, original)).toBeGreaterThan(3);
	});

	it('the export of a black-and-white profile has no colour', async () => {
		const { bytes } = await editedAndExported(rawName, { profile_key: 328 });
		const [red, green, blue] = await averages(bytes);
		expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(1);
	});

	it('an export is as large as its photo, and cropped where a tool crops, as its XMP says', async () => {
		const whole = await editedAndExported(jpegName, { profile_key: jpegProfile });
		expect(whole.tags).toMatchObject({ HasCrop: false });
		expect(await sizeOf(whole.bytes)).toEqual({ width: 1600, height: 1200 });
		const { tags, bytes } = await editedAndExported(jpegName, { profile_key: jpegProfile, crop: true });
		expect(tags).toMatchObject({ CropLeft: 0.05, CropTop: 0.05, CropRight: 0.95, CropBottom: 0.95 });
		expect(await sizeOf(bytes)).toEqual({ width: 0.9 * 1600, height: 0.9 * 1200 });
	});

	it('the export of a RAW photo is as large as the largest picture inside', async () => {
		const { bytes } = await editedAndExported('DSC_0001.nef', {});
		expect(await sizeOf(bytes)).toEqual({ width: 6000, height: 4000 });
	});

	it('the export of a grey JPEG is a JPEG too', async () => {
		const grey = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#808080' } })
			.toColourspace('b-w')
			.jpeg()
			.toBuffer();
		const { uuid } = await edited({ 'grey.jpg': grey }, { profile_key: jpegProfile });
		expect(await sizeOf((await exported(uuid)).get('grey.jpg') as Buffer)).toEqual({ width: 60, height: 40 });
	});
});

describe('an export is rendered when it is first downloaded', () => {
	let own: SandboxClient;
	let files: string;
	beforeAll(async () => {
		files = await mkdtemp(join(tmpdir(), 'sandbox-renderings-'));
		own = await SandboxClient.start({ editSeconds: 0, exportSeconds: 0, folder: files });
	});
	beforeEach(async () => await own.control.reset());
	afterAll(async () => {
		await own.close();
		await rm(files, { recursive: true });
	});

	const exportOf = async (photos: Record<string, Buffer>) => {
		const uuid = await own.projectWith(photos);
		await own.edit(uuid, { profile_key: jpegProfile });
		await own.export(uuid);
		return uuid;
	};
	/** The exports that are on the disk. */
	const stored = async (uuid: string) => {
		const exportFolder = join(files, 'imagen', uuid, 'exported');
		const names = await readdir(exportFolder).catch(() => []);
		return names.filter((name) => name.endsWith('_object')).map((name) => join(exportFolder, name));
	};
	const colour = async (background: string) =>
		await sharp({ create: { width: 60, height: 40, channels: 3, background } })
			.jpeg()
			.toBuffer();
	const dominantOf = async (bytes?: Buffer) => (await sharp(bytes).stats()).dominant;

	it('no export is rendered that nobody downloads, and a photo with several names is rendered once', async () => {
		const jpeg = await colour('#c03020');
		const uuid = await exportOf({ 'a.jpg': jpeg, 'b.jpg': jpeg });
		expect(await stored(uuid)).toEqual([]);
		await own.download(uuid, 'export');
		const [one, other] = await Promise.all((await stored(uuid)).map(async (path) => await stat(path)));
		expect(one.ino).toBe(other.ino);
	});

	it('a download of two at once is of one and the same file', async () => {
		const uuid = await exportOf({ 'a.jpg': await colour('#c03020') });
		const [one, other] = await Promise.all([own.download(uuid, 'export'), own.download(uuid, 'export')]);
		expect(one.get('a.jpg')).toEqual(other.get('a.jpg'));
	});

	it('an export is of the photo that was there then, whatever is uploaded in its place before the download', async () => {
		const uuid = await exportOf({ 'a.jpg': await colour('#c03020') });
		await own.upload(uuid, { 'a.jpg': await colour('#2030c0') });
		const { r, b } = await dominantOf((await own.download(uuid, 'export')).get('a.jpg'));
		expect(r).toBeGreaterThan(b);
	});

	it('an export that was replaced before anyone downloaded it stays replaced', async () => {
		const uuid = await exportOf({ 'a.jpg': await colour('#c03020') });
		const path = `/projects/${uuid}/export/get_upload_link?file_name=a.jpg`;
		const replacement = await colour('#2030c0');
		await put((await own.call('GET', path)).data.upload_link, replacement);
		expect((await own.download(uuid, 'export')).get('a.jpg')?.equals(replacement)).toBe(true);
	});
});

describe('merged brackets', () => {
	it('brackets without capture times are merged into one DNG for each three', async () => {
		const photos = Object.fromEntries(
			Array.from({ length: 7 }, (_, n) => [`frame-${n}.nef`, randomBytes(1000)] as const),
		);
		const { files } = await edited(photos, { hdr_merge: true });
		expect([...files.keys()]).toEqual(['frame-0-HDR.dng', 'frame-3-HDR.dng', 'frame-6-HDR.dng']);
	});

	it('brackets are told apart by the time between them', async () => {
		const { uuid, files } = await edited(
			{
				'd70-1.nef': await photo('Nikon D70.nef'),
				's5.raf': await photo('Fujifilm S5Pro.raf'),
				'd70-2.nef': await photo('Nikon D70.nef'),
			},
			{ hdr_merge: true },
		);
		expect([...files.keys()]).toEqual(['d70-1-HDR.dng', 's5-HDR.dng']);
		expect(await read(files.get('s5-HDR.dng') as Buffer, 's5-HDR.dng')).toMatchObject({
			FileType: 'DNG',
			Make: 'FUJIFILM',
			HasSettings: true,
		});
		expect([...(await exported(uuid)).keys()]).toEqual(['d70-1-HDR.jpg', 's5-HDR.jpg']);
	});

	it('a bracket is not cut at its long exposures, but where the camera paused', async () => {
		const nef = async (taken: string, exposure: number) =>
			await tagged('Nikon D70.nef', { DateTimeOriginal: `2026:06:21 ${taken}`, ExposureTime: exposure });
		const { files } = await edited(
			{
				'night-1.nef': await nef('22:00:00', 8),
				'night-2.nef': await nef('22:00:09', 4),
				'night-3.nef': await nef('22:00:13', 2),
				'next-1.nef': await nef('22:00:19', 2),
				'next-2.nef': await nef('22:00:22', 1),
			},
			{ hdr_merge: true },
		);
		expect([...files.keys()]).toEqual(['night-1-HDR.dng', 'next-1-HDR.dng']);
	});

	it('a merged bracket whose frames were held upright is not turned once more', async () => {
		const held = await tagged('Canon 350D.cr2', { 'Orientation#': 6 });
		const { files } = await edited({ 'held.cr2': held }, { hdr_merge: true });
		const path = join(folder, 'held-HDR.dng');
		await writeFile(path, files.get('held-HDR.dng') as Buffer);
		const tags = await exifTool.readRaw(path, { readArgs: ['-G1', '-a', '-Orientation#'] });
		const orientations = Object.entries(tags).filter(([tag]) => tag.endsWith(':Orientation'));
		expect(orientations.map(([, value]) => value)).toEqual(orientations.map(() => 1));
	});
});

describe('sizes', () => {
	it('many photos in a project all have a result, each under its name', async () => {
		const nef = await photo('Nikon D70.nef');
		const names = Array.from({ length: 60 }, (_, n) => `IMG_${n}`);
		const { files } = await edited(Object.fromEntries(names.map((name) => [`${name}.NEF`, nef])));
		expect([...files.keys()]).toEqual(names.map((name) => `${name}.xmp`));
	});

	it('a large photo is uploaded whole', async () => {
		const large = Buffer.concat([await photo('Pentax K10D.jpg'), randomBytes(20_000_000)]);
		const { uuid, files } = await edited({ 'large.jpg': large }, { profile_key: jpegProfile });
		expect(files.get('large.jpg')?.length).toBeGreaterThan(20_000_000);
		const tail = (bytes?: Buffer) =>
			createHash('md5')
				.update(bytes?.subarray(-19_000_000) ?? '')
				.digest('hex');
		expect(tail(files.get('large.jpg'))).toBe(tail(large));
		expect((await exported(uuid)).size).toBe(1);
	});

	it('two photos with one base name each have a result', async () => {
		const { files, uuid } = await edited(
			{ 'a.jpg': await photo('Pentax K10D.jpg'), 'a.jpeg': await photo('Canon 1D.jpg') },
			{ profile_key: jpegProfile },
		);
		expect([...files.keys()]).toEqual(['a.jpg', 'a.jpeg']);
		await imagen.export(uuid);
		const { data } = await imagen.call('GET', `/projects/${uuid}/export/get_temporary_download_links`);
		expect(data.files_list.map((file: any) => file.file_name)).toEqual(['a.jpg', 'a.jpg']);
	});
});

it('plain results have the names of the real ones, each its own bytes, and say what they were made from', async () => {
	const quick = await SandboxClient.start({ plainResults: true, resultBytes: 3000 });
	try {
		const nef = await photo('Nikon D70.nef');
		const uuid = await quick.projectWith({ 'a.nef': nef, 'b.dng': nef });
		await quick.edit(uuid);
		await quick.export(uuid);
		const [edits, exports] = [await quick.download(uuid), await quick.download(uuid, 'export')];
		expect([...edits.keys(), ...exports.keys()]).toEqual(['a.xmp', 'b.dng', 'a.jpg', 'b.jpg']);
		const results = [...edits.values(), ...exports.values()];
		expect(new Set(results.map((file) => file.toString('hex'))).size).toBe(4);
		expect(results.map(({ length }) => length)).toEqual([3000, 3000, 3000, 3000]);

		const origin = { projectUuid: uuid, fileName: 'a.nef', profileKey: 196, firstBytes: nef.subarray(0, 48) };
		expect(originOf(edits.get('a.xmp')!)).toMatchObject(origin);
		expect(originOf(exports.get('a.jpg')!)).toMatchObject({ ...origin, exportedAt: expect.any(Number) });
		expect(originOf(edits.get('a.xmp')!.subarray(0, -1))).toBeUndefined();
	} finally {
		await quick.close();
	}
});
