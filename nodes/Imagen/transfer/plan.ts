import {
	extensionOf,
	imageTypeOf,
	JPEG_EXTENSIONS,
	kindOf,
	RAW_EXTENSIONS,
	type ImageType,
} from '../api/formats';
import { counted, firstOf, quantity } from '../errors/lists';
import { resultKey, uniqueNames } from './fileNames';
import type { Photo } from './sources';

/** What keeps photos from being uploaded, and what to do. */
export interface Finding {
	/** Those that it is about. */
	photos: Photo[];
	/** Names the photo, in single quotes, where it is about one. */
	message: string;
	/** What the message says of this photo alone, besides its name. */
	aside?: string;
	remedy: string;
}

/** A file that is left out, because it is no photo or because the user wants one kind only. */
export interface SkippedFile {
	photo: Photo;
	/** A phrase such as `a sidecar or other file (.xmp)`. */
	reason: string;
}

/** What will be uploaded to a project, judging by the names of the files. What they hold is looked at when they are sent. */
export interface UploadPlan {
	/** The photos that can be uploaded, with the names they will have in the project. */
	photos: Photo[];
	imageType: ImageType;
	skipped: SkippedFile[];
	findings: Finding[];
}

/** What to do with photos of one name. */
export type IfNamesRepeat = 'fail' | 'makeUnique';

/** What to do with files that are no photos. */
export type IfNotPhoto = 'fail' | 'skip';

/** What to do with RAW and JPEG photos that are meant for one project. */
export type IfMixed = 'fail' | 'jpegOnly' | 'rawOnly';

/** How to plan. */
export interface PlanOptions {
	ifMixed: IfMixed;
	ifNamesRepeat: IfNamesRepeat;
	ifNotPhoto: IfNotPhoto;
	/** Whether RAW and JPEG photos could become two projects, as the remedy then says. */
	canSplit?: boolean;
}

/** What a project holds already. */
export interface UploadedBefore {
	/** The names of the photos that this execution has uploaded: others of the same name would replace them. */
	taken?: Iterable<string>;
	/** The same of other executions, with the project as an error names it. */
	ofOthers?: { fileNames: string[]; project: string };
	/** Files that are there under the names that they have: the same photos, which may come again. */
	again?: ReadonlySet<Photo>;
}

/** Says of each file meant for one project what becomes of it, before anything is sent. */
export function planUpload(files: Photo[], options: PlanOptions, before: UploadedBefore = {}): UploadPlan {
	const { ifMixed, ifNamesRepeat, ifNotPhoto, canSplit = false } = options;
	const others = files.flatMap((photo) => {
		const reason = whyNoPhoto(photo.fileName);
		return reason === undefined ? [] : [{ photo, reason }];
	});
	const notPhotos = new Set(others.map(({ photo }) => photo));
	const all = files.filter((photo) => !notPhotos.has(photo));

	const unwanted = all.filter((photo) => !isWanted(photo, ifMixed));
	const valid = all.filter((photo) => isWanted(photo, ifMixed));
	const named = ifNamesRepeat === 'makeUnique' ? withUniqueNames(valid, before) : valid;
	const mixed = mixedTypes(named, canSplit) ?? otherKindThere(named, before);
	// Unique names do not repeat. RAW+JPEG pairs do, and go with the choice that 'If Mixed' asks for.
	const repeated = ifNamesRepeat === 'makeUnique' ? [] : repeatedNames(named, before, mixed !== undefined);
	const findings = [
		...(ifNotPhoto === 'fail' ? others.map(notAPhoto) : []),
		...(mixed ? [mixed] : []),
		...repeated,
	];
	const excluded = new Set(findings.flatMap(({ photos }) => photos));

	return {
		photos: named.filter((photo) => !excluded.has(photo)),
		imageType: valid.length > 0 ? typeOf(valid[0]) : 'RAW',
		skipped: [
			...(ifNotPhoto === 'skip' ? others : []),
			...unwanted.map((photo) => ({
				photo,
				reason: `a ${kindOf(typeOf(photo))} photo, which 'If Mixed' leaves out`,
			})),
		],
		findings,
	};
}

const typeOf = ({ fileName }: Photo) => imageTypeOf(fileName) as ImageType;

const nounOf = (photo: Photo) => (typeOf(photo) === 'RAW' ? 'RAW photo' : 'JPEG');

const isWanted = (photo: Photo, ifMixed: IfMixed) =>
	ifMixed === 'fail' || typeOf(photo) === (ifMixed === 'rawOnly' ? 'RAW' : 'JPG');

/** What systems put beside photos. Names of hidden files begin with a dot; a Mac's shadow files end like the photos they belong to. */
function whyNoPhoto(fileName: string): string | undefined {
	if (fileName === '') return 'a file without a name';
	if (fileName.startsWith('._')) return 'a hidden macOS file';
	if (fileName.startsWith('.')) return 'a hidden file';
	if (imageTypeOf(fileName) !== undefined) return undefined;
	const extension = extensionOf(fileName);
	return extension ? `a .${extension} file, which Imagen does not edit` : 'a file without an extension';
}

/** The kind of photo that a file is, judging by its name; undefined for one that is none. */
export const photoTypeOf = (fileName: string): ImageType | undefined =>
	whyNoPhoto(fileName) === undefined ? imageTypeOf(fileName) : undefined;

function notAPhoto({ photo, reason }: SkippedFile): Finding {
	return {
		photos: [photo],
		message: `'${photo.fileName || photo.field}' is ${reason}`,
		remedy: `Filter out such files before this node, or set 'If Not a Photo' to Skip. Imagen edits RAW (${list(RAW_EXTENSIONS)}) and JPEG (${list(JPEG_EXTENSIONS)}) photos.`,
	};
}

const list = (extensions: string[]) => extensions.map((extension) => `.${extension}`).join(' ');

/** A project is all RAW or all JPEG: with both, every photo is in the wrong place. */
function mixedTypes(photos: Photo[], canSplit: boolean): Finding | undefined {
	const raw = photos.filter((photo) => typeOf(photo) === 'RAW');
	const jpeg = photos.filter((photo) => typeOf(photo) === 'JPG');
	if (raw.length === 0 || jpeg.length === 0) return undefined;
	return {
		photos,
		message: `${countsOf(raw, jpeg)}, but a project takes one kind`,
		remedy: canSplit
			? "Add the option 'If Mixed' and set it to Split Into Two Projects, RAW Only or JPEG Only. Nothing was uploaded or billed."
			: "Add the option 'If Mixed' and set it to RAW Only or JPEG Only, or filter the files before this node. Edit shoot can also split them into two projects. Nothing was uploaded or billed.",
	};
}

/** The same, where the other kind came with an earlier upload. */
function otherKindThere(photos: Photo[], before: UploadedBefore): Finding | undefined {
	if (photos.length === 0) return undefined;
	const kind = kindOf(typeOf(photos[0]));
	const there = namesThere(before).filter((name) => imageTypeOf(name) !== typeOf(photos[0]));
	if (there.length === 0) return undefined;
	const other = kind === 'RAW' ? 'JPEG' : 'RAW';
	return {
		photos,
		message: `${quantity(photos.length, `${kind} photo`)}, but the project already has ${quantity(there.length, `${other} photo`)}, and a project takes one kind`,
		remedy: `Give the ${kind} photos a project of their own. To leave them out, add the option 'If Mixed' and set it to ${other} Only. Nothing was uploaded or billed.`,
	};
}

const namesThere = ({ taken = [], ofOthers }: UploadedBefore): string[] => [
	...taken,
	...(ofOthers?.fileNames ?? []),
];

/** As many of one kind as may be strays among the other. */
const FEW_STRAYS = 3;

/** Such as `12 RAW and 12 JPEG photos (12 pairs)` or `1 JPEG among 1,999 RAW photos (IMG_7.JPG)`. */
function countsOf(raw: Photo[], jpeg: Photo[]): string {
	const [fewer, more] = raw.length < jpeg.length ? [raw, jpeg] : [jpeg, raw];
	if (fewer.length <= FEW_STRAYS && more.length > fewer.length * FEW_STRAYS) {
		const number = (photos: Photo[]) => quantity(photos.length, nounOf(photos[0]));
		return `${number(fewer)} among ${number(more)} (${firstOf(fewer.map(({ fileName }) => fileName))})`;
	}
	const keys = new Set(raw.map(({ originalFileName }) => resultKey(originalFileName)));
	const pairs = jpeg.filter(({ originalFileName }) => keys.has(resultKey(originalFileName))).length;
	const inPairs = pairs > 0 ? ` (${quantity(pairs, 'pair')})` : '';
	return `${counted(raw.length)} RAW and ${counted(jpeg.length)} JPEG photos${inPairs}`;
}

function withUniqueNames(photos: Photo[], { again = new Set(), ...there }: UploadedBefore): Photo[] {
	const before = namesThere(there);
	const others = photos.filter((photo) => !again.has(photo));
	const names = uniqueNames([...before, ...others.map(({ fileName }) => fileName)], resultKey);
	const nameOf = new Map(others.map((photo, index) => [photo, names[before.length + index]]));
	return photos.map((photo) => ({ ...photo, fileName: nameOf.get(photo) ?? photo.fileName }));
}

/** @param areMixed whether RAW photos and JPEGs are taken as of two projects */
function repeatedNames(
	photos: Photo[],
	{ taken = [], ofOthers, again = new Set() }: UploadedBefore,
	areMixed: boolean,
): Finding[] {
	const keyOf = (name: string) => (areMixed ? `${imageTypeOf(name)} ` : '') + resultKey(name);
	const first = new Map<string, Earlier>();
	const addAll = (fileNames: Iterable<string>, earlier: Omit<Earlier, 'fileName'>) => {
		for (const fileName of fileNames) first.set(keyOf(fileName), { fileName, ...earlier });
	};
	if (ofOthers) addAll(ofOthers.fileNames, byOthers(ofOthers.project));
	addAll(taken, { pronoun: 'one', where: 'that was uploaded before', remedy: MAKE_UNIQUE });
	const findings: Finding[] = [];
	for (const photo of photos) {
		if (again.has(photo)) continue;
		const { fileName, itemIndex } = photo;
		const earlier = first.get(keyOf(fileName));
		if (earlier) findings.push(repeatedName(photo, earlier));
		else {
			const where = `of item ${itemIndex + 1}`;
			first.set(keyOf(fileName), { fileName, pronoun: 'that', where, remedy: MAKE_UNIQUE });
		}
	}
	return findings;
}

/** The photo that has a name first. */
interface Earlier {
	fileName: string;
	/** What stands for its name where that is exactly the same. */
	pronoun: string;
	/** Such as `of item 3`. */
	where: string;
	remedy: string;
}

const MAKE_UNIQUE = "Rename the photos, or add the option 'If Names Repeat' and set it to Make Unique.";

const byOthers = (project: string) => ({
	pronoun: 'one',
	where: `that an earlier execution uploaded to ${project}`,
	remedy:
		"Use another project for these photos. To keep both in this one, add the option 'If Names Repeat' and set it to Make Unique.",
});

function repeatedName(photo: Photo, { fileName, pronoun, where, remedy }: Earlier): Finding {
	const other = `${fileName === photo.fileName ? pronoun : `'${fileName}'`} ${where}`;
	return {
		photos: [photo],
		message: `'${photo.fileName}' has the same name as another photo, ${other}, so one result would overwrite the other`,
		aside: other,
		remedy,
	};
}
