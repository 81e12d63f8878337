import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { ImageType } from '../../api/formats';
import { listProfiles } from '../../api/profiles';
import { orUndefined, settle } from '../../api/settle';
import type { EditingFlow, ProjectRef } from '../../api/projectRef';
import type { Profile } from '../../api/types';
import { ImagenOperationError } from '../../errors/imagenErrors';
import { quantity, shortened } from '../../errors/lists';
import { photosOfEarlierTurns } from '../../jobs/ledger';
import { photoTypeOf, type IfNotPhoto, type SkippedFile, type UploadedBefore } from '../../transfer/plan';
import type { Photo } from '../../transfer/sources';
import { findingsOfEdit, hintsOfEdit } from '../edit/editParameters';
import { checkUrl } from '../jobOperations/whenFinished';
import { projectOfLoop, type IfNameExists, type ProjectRequest } from '../project/createOrGet';
import { allFindings, countPlaces, countReasons, findingOf, reassuring } from '../shared/aggregateError';
import { contentOf, expressionsIn } from '../shared/emptyField';
import {
	checkPhotos,
	itemsOf,
	itemsWithPhotos,
	lookAtPhotos,
	photosOfItems,
	type PhotoFinding,
	type PhotoOptions,
} from '../shared/inputPhotos';
import { addTo, errorItem, groupItems, itemError, type ItemError, type ItemGroup } from '../shared/items';
import { recognize } from '../shared/knownPhotos';
import { hintAtOtherFields } from '../shared/photosFrom';
import { projectNameParameter } from '../shared/projectNameParameter';
import { chosenProfile, type ProfileParameter } from '../shared/profileParameter';
import { sharedParameter, sharedValue } from '../shared/sharedParameters';
import { groupByOption, OPTION_COLLECTIONS, projectNameField, type ShootOptions } from './shootFields';

/** Photos that become one project. */
export interface Shoot {
	/** Tells it from the other shoots of the input, and stays the same when the node is tried again. */
	key: string;
	/** Of Group By: shared by the two shoots that a mixed one is split into. */
	group: string;
	/** Its place among them, from 1. */
	number: number;
	/** Of its project; empty: Imagen names it. */
	name: string;
	editingFlow: EditingFlow;
	photos: Photo[];
	imageType: ImageType;
	/** Files of its items that are left out. */
	skipped: SkippedFile[];
	/** Why files of its items are not among its photos, which are edited without them. */
	leftOut: PhotoFinding[];
	/** The items its photos came in. */
	itemIndexes: number[];
	/** Those of them whose parameters hold for the whole shoot: without those of files that are left out. */
	parameterItems: number[];
	/** The parameter with its profile. */
	profileParameter: ProfileParameter;
	ifNameExists: IfNameExists;
	options: ShootOptions;
}

/** A shoot that passed the checks. */
export interface CheckedShoot extends Shoot {
	/** What it will be edited with; Smart Editing has none, nor has a key that is not listed. */
	profile?: Profile;
	/** All that are listed. */
	profiles: Profile[];
	/** What is worth a second look. */
	hints: string[];
	/** Whether it is the only one of the input, so that the node can name its project. */
	isOnly: boolean;
}

/** A shoot that has its project. */
export interface OpenShoot {
	shoot: CheckedShoot;
	project: ProjectRef;
}

/** Items that belong together, before their photos are looked at. */
interface Group extends ItemGroup {
	name: string;
}

/** A shoot before it is checked, with what is wrong with its photos. */
interface Candidate {
	shoot: Shoot;
	findings: PhotoFinding[];
	/** Whether it holds nothing but files that are left out, and the others are edited without it. */
	isLeftOut: boolean;
}

/** Items that cannot be edited, and why. What is wrong with all of them has no place of its own. */
interface Rejection extends ItemGroup {
	findings: PhotoFinding[];
}

/** An item whose files are no photos, so that it is no matter that its group cannot be read: unless no shoot remains that could list them. */
interface SkippedItem extends Rejection {
	skipped: SkippedFile[];
}

const ofAll = (error: ItemError): PhotoFinding => ({ error, places: [] });

/**
 * The shoots of the input, checked as far as they can be before anything is created.
 *
 * @returns the shoots, and an error item for each item of a shoot that cannot be, when the node continues on fail
 * @throws NodeOperationError that lists every finding, unless the node continues on fail
 */
export async function checkedShoots(
	context: IExecuteFunctions,
): Promise<{ shoots: CheckedShoot[]; rejected: INodeExecutionData[] }> {
	const { groups, rejections, ofNoGroup } = await groupsOf(context);
	const found: Candidate[] = [];
	for (const group of groups) {
		const [itemIndex] = group.itemIndexes;
		const finding = await findingOf(context, itemIndex, async () => {
			found.push(...(await candidatesOf(context, group, found.length)));
		});
		if (finding) rejections.push({ itemIndexes: group.itemIndexes, findings: [ofAll(finding)] });
	}
	const candidates = withoutLeftOut(found);
	const needsProfiles = candidates.some(({ shoot }) => shoot.editingFlow === 'REGULAR');
	const profiles = needsProfiles ? await profilesOf(context) : [];
	for (const { shoot, findings } of candidates)
		findings.push(...(await findingsOfShoot(context, shoot, profiles)).map(ofAll));
	for (const [index, { shoot, findings }] of candidates.entries()) {
		const earlier = candidates.slice(0, index).some((other) => shoot.name && other.shoot.name === shoot.name);
		if (earlier) findings.push(ofAll(sharedName(context, shoot)));
	}

	for (const { shoot, findings } of candidates)
		if (findings.length > 0)
			rejections.push({
				itemIndexes: shoot.itemIndexes,
				findings: [...new Set([...findings, ...shoot.leftOut])],
			});

	const remaining = candidates.filter(({ findings }) => findings.length === 0).map(({ shoot }) => shoot);
	if (remaining.length === 0) rejections.push(...ofNoGroup);
	// Two parts of a group share what is wrong with its items.
	const all = [...new Set(rejections.flatMap(({ findings }) => findings))];
	if (all.length > 0 && !context.continueOnFail()) throw cannotBeEdited(context, all);
	hintAtOtherFields(context);
	const shoots = withSkipped(
		remaining,
		ofNoGroup.flatMap(({ skipped }) => skipped),
	).map((shoot) => ({
		...shoot,
		profile: profileOf(context, shoot, profiles),
		profiles,
		hints: hintsOfEdit(context, { ...shoot, profiles }),
		isOnly: candidates.length === 1,
	}));
	return { shoots, rejected: rejectedItems(context, rejections) };
}

/** The candidates with photos, where there are any. The files of the others are listed with the first. */
function withoutLeftOut(found: Candidate[]): Candidate[] {
	const candidates = found.filter(({ isLeftOut }) => !isLeftOut);
	if (candidates.length === 0) return found;
	const ofOthers = found.filter(({ isLeftOut }) => isLeftOut).flatMap(({ shoot }) => shoot.skipped);
	const [shoot] = withSkipped([candidates[0].shoot], ofOthers);
	return [{ ...candidates[0], shoot }, ...candidates.slice(1)];
}

/** The shoots, the first of which also lists these files. */
const withSkipped = (shoots: Shoot[], skipped: SkippedFile[]): Shoot[] =>
	shoots.map((shoot, index) => (index === 0 ? { ...shoot, skipped: [...shoot.skipped, ...skipped] } : shoot));

const NOTHING_DONE = 'Nothing was created, sent or billed.';

async function profilesOf(context: IExecuteFunctions): Promise<Profile[]> {
	const outcome = await settle(async () => await listProfiles(context));
	if (outcome.status === 'fulfilled') return outcome.value;
	throw reassuring(itemError(context, outcome.reason, 0), NOTHING_DONE);
}

/** Error items for the items of shoots that cannot be: with what is wrong with an item, else with the whole shoot, else with a word on the others. */
function rejectedItems(context: IExecuteFunctions, rejections: Rejection[]): INodeExecutionData[] {
	const byItem = new Map<number, Set<ItemError>>();
	for (const { itemIndexes, findings } of rejections) {
		const own = new Map<number, PhotoFinding[]>();
		for (const finding of findings)
			for (const { itemIndex } of finding.places) addTo(own, itemIndex, finding);
		const ofShoot = findings.filter(({ places }) => places.length === 0);
		const others =
			ofShoot.length > 0 ? cannotBeEdited(context, ofShoot) : notWithoutOthers(context, findings);
		for (const itemIndex of new Set([...itemIndexes, ...own.keys()])) {
			const ofItem = own.get(itemIndex);
			const error = ofItem ? cannotBeEdited(context, ofItem) : others;
			byItem.set(itemIndex, (byItem.get(itemIndex) ?? new Set()).add(error));
		}
	}
	const inOrder = [...byItem].sort(([one], [other]) => one - other);
	return inOrder.flatMap(([itemIndex, errors]) =>
		[...errors].map((error) => errorItem(context, error, itemIndex)),
	);
}

/** The shoot of a group, or two of them. @param before how many there are already */
async function candidatesOf(context: IExecuteFunctions, group: Group, before: number): Promise<Candidate[]> {
	const { photos, findings: unread } = await photosOfItems(context, group.itemIndexes);
	const items = itemsWithPhotos(photos, group.itemIndexes);
	const options = optionsOf(context, items);
	const ifNameExists = sharedParameter<IfNameExists>(context, items, 'ifNameExists', 'fail');
	const editingFlow = sharedParameter<EditingFlow>(context, items, 'editingFlow');
	const { ifMixed } = options;
	const parts = ifMixed === 'split' ? byKind(photos) : [{ kind: '' as const, photos }];
	const candidates: Candidate[] = [];
	for (const [index, { kind, photos: part }] of parts.entries()) {
		const partItems = itemsWithPhotos(part, items);
		const name = projectName(context, group, partItems, kind);
		const request = { name, editingFlow, ifNameExists };
		const planOptions = { ...options, ifMixed: ifMixed === 'split' ? ('fail' as const) : ifMixed };
		const { files, ...uploaded } = await withEarlierTurns(context, request, part, planOptions);
		const checked = await checkPhotos(context, files, planOptions, {
			...uploaded,
			whose: name && `'${name}'`,
			canSplit: true,
		});
		const seen = await lookAtPhotos(context, checked.photos, planOptions);
		const isOnlySkipped = part.length > 0 && checked.skipped.length === part.length && unread.length === 0;
		// Which part an item without a file belongs to, nobody knows: it stops both, or is listed once.
		const goesWithout = options.editWithoutFailed === true && seen.photos.length > 0;
		// What 'Fail' is set for stops the shoot, or, where the node continues on fail, the photo.
		const isPhotoByPhoto = goesWithout && context.continueOnFail();
		candidates.push({
			shoot: {
				key: keyOf(context, group, kind),
				group: group.name,
				number: before + index + 1,
				name,
				editingFlow,
				photos: seen.photos,
				imageType: checked.imageType,
				skipped: checked.skipped,
				leftOut: goesWithout
					? [...(index === 0 ? unread : []), ...seen.findings, ...(isPhotoByPhoto ? checked.findings : [])]
					: [],
				itemIndexes: part.length > 0 ? itemsOf(part) : group.itemIndexes,
				parameterItems: itemsWithPhotos(checked.photos, partItems),
				profileParameter:
					kind === 'JPEG' && (parts.length > 1 || options.jpegProfile)
						? 'photoOptions.jpegProfile'
						: 'profile',
				ifNameExists,
				options,
			},
			findings: [
				...(goesWithout ? [] : [...unread, ...seen.findings]),
				...(isPhotoByPhoto ? [] : checked.findings),
			],
			isLeftOut: isOnlySkipped && options.editWithoutFailed === true && !context.continueOnFail(),
		});
	}
	return candidates;
}

/**
 * Finds what earlier turns of a loop have uploaded to the project of a shoot. The same photo may come again, as one that failed with others: it keeps
 * the name that it has there.
 */
async function withEarlierTurns(
	context: IExecuteFunctions,
	request: Pick<ProjectRequest, 'editingFlow' | 'name'> & Partial<ProjectRequest>,
	photos: Photo[],
	options: PhotoOptions,
): Promise<UploadedBefore & { files: Photo[] }> {
	const project = projectOfLoop(context, request);
	const earlier = project ? photosOfEarlierTurns(context, project) : [];
	const recognized = await recognize(context, photos, earlier, options);
	return { ...recognized, taken: earlier.map(({ fileName }) => fileName) };
}

/** The groups of the input, the items whose group cannot be read, and the files among these that are no photos, and belong to none. */
async function groupsOf(
	context: IExecuteFunctions,
): Promise<{ groups: Group[]; rejections: Rejection[]; ofNoGroup: SkippedItem[] }> {
	requireGroupExpression(context);
	const unread: Rejection[] = [];
	const groups = await groupItems(
		context,
		(itemIndex) => ({ name: projectNameParameter(context, groupByOption, itemIndex, 'photoOptions') }),
		({ name }) => name,
		(error, itemIndex) =>
			unread.push({
				itemIndexes: [itemIndex],
				findings: [ofAll(itemError(context, error, itemIndex))],
			}),
	);
	const rejections: Rejection[] = [];
	const ofNoGroup: SkippedItem[] = [];
	for (const rejection of unread) {
		const skipped = groups.length > 0 ? await skippedFilesOf(context, rejection.itemIndexes) : [];
		if (skipped.length > 0) ofNoGroup.push({ ...rejection, skipped });
		else rejections.push(rejection);
	}
	return { groups, rejections, ofNoGroup };
}

/** @throws NodeOperationError for a fixed text: all shoots would become one project of that name */
function requireGroupExpression(context: IExecuteFunctions): void {
	const content = contentOf(context, groupByOption, 'photoOptions');
	if (['', '='].includes(content.trim()) || expressionsIn(content).length > 0) return;
	throw new ImagenOperationError(
		context,
		`'Group By' is '${shortened(content)}' for all items, which is not an expression`,
		`Set 'Group By' to an expression, such as {{ $json.client }}, or clear it. ${NOTHING_DONE}`,
	);
}

/** Not by its name, which may have the time. A field that somebody has changed is another shoot, where a failed execution is retried by hand. */
const keyOf = (context: IExecuteFunctions, { itemIndexes: [first] }: Group, kind: string): string =>
	JSON.stringify([
		first,
		kind,
		contentOf(context, projectNameField),
		contentOf(context, groupByOption, 'photoOptions'),
	]);

/** The files of items, where all of them are left out because they are no photos. */
async function skippedFilesOf(context: IExecuteFunctions, itemIndexes: number[]): Promise<SkippedFile[]> {
	const { photos, findings } = await photosOfItems(context, itemIndexes);
	const ifNotPhoto = orUndefined(() =>
		sharedParameter<IfNotPhoto>(context, itemIndexes, 'photoOptions.ifNotPhoto', 'skip'),
	);
	if (findings.length > 0 || ifNotPhoto === undefined) return [];
	const { skipped } = await checkPhotos(context, photos, { ifNotPhoto });
	return skipped.length === photos.length ? skipped : [];
}

const PROJECT_FOR_EACH =
	"For a project for each value, set 'Group By' to the expression of 'Project Name'. For one project, use the same value for all items.";

/** What a name says of a whole shoot, it says of the two parts with their kinds. */
function projectName(
	context: IExecuteFunctions,
	{ name }: Group,
	parameterItems: number[],
	kind: string,
): string {
	const read = (itemIndex: number) => projectNameParameter(context, projectNameField, itemIndex);
	const whole = sharedValue(context, parameterItems, projectNameField.name, read, PROJECT_FOR_EACH) || name;
	return whole && kind ? `${whole} ${kind}` : whole;
}

/** What is set in any of the collections of options. */
function optionsOf(context: IExecuteFunctions, parameterItems: number[]): ShootOptions {
	const collections = OPTION_COLLECTIONS.map((name) =>
		sharedParameter<ShootOptions>(context, parameterItems, name, {}),
	);
	const options = Object.assign({}, ...collections) as ShootOptions;
	return { ...options, callbackUrl: options.callbackUrl?.trim() };
}

/** RAW photos and JPEGs apart, other files with the first; the name of a project is the same whether both kinds are there or one. */
function byKind(files: Photo[]): Array<{ kind: 'JPEG' | 'RAW'; photos: Photo[] }> {
	const filesOf = (type?: ImageType) => files.filter(({ fileName }) => photoTypeOf(fileName) === type);
	const [raws, jpegs, others] = [filesOf('RAW'), filesOf('JPG'), filesOf()];
	if (jpegs.length === 0) return [{ kind: 'RAW', photos: files }];
	if (raws.length === 0) return [{ kind: 'JPEG', photos: files }];
	return [
		{ kind: 'RAW', photos: [...raws, ...others] },
		{ kind: 'JPEG', photos: jpegs },
	];
}

const URL_UNREACHABLE = {
	what: "Imagen can't notify the 'Callback URL':",
	remedy: 'Enter an https URL that can be reached from the internet, or remove this option.',
};

async function findingsOfShoot(
	context: IExecuteFunctions,
	{ editingFlow, photos, imageType, parameterItems, profileParameter, options }: Shoot,
	profiles: Profile[],
): Promise<ItemError[]> {
	const { callbackUrl } = options;
	const [itemIndex] = parameterItems;
	const wrongUrl = await findingOf(context, itemIndex, async () => {
		if (callbackUrl) await checkUrl(context, callbackUrl, itemIndex, URL_UNREACHABLE);
	});
	const edit = {
		parameterItems,
		editingFlow,
		profiles,
		profileParameter,
		imageType: photos.length > 0 ? imageType : undefined,
	};
	return [...(await findingsOfEdit(context, edit)), ...(wrongUrl ? [wrongUrl] : [])];
}

function profileOf(
	context: IExecuteFunctions,
	{ editingFlow, profileParameter, parameterItems }: Shoot,
	profiles: Profile[],
): Profile | undefined {
	return editingFlow === 'I2I'
		? undefined
		: chosenProfile(context, profiles, parameterItems, profileParameter);
}

function cannotBeEdited(context: IExecuteFunctions, findings: PhotoFinding[]) {
	const areFiles = findings.every(({ places }) => places.length > 0);
	const reasons = countReasons(findings);
	const message = areFiles
		? `${countPlaces(findings)} can't be edited`
		: `The photos can't be edited: there ${reasons === 1 ? 'is' : 'are'} ${quantity(reasons, 'problem')}`;
	return allFindings(context, findings, message, NOTHING_DONE);
}

/** For the items of a shoot that is not edited because of other items. */
function notWithoutOthers(context: IExecuteFunctions, findings: PhotoFinding[]) {
	const [{ error }, ...more] = findings;
	if (more.length > 0) return cannotBeEdited(context, findings);
	return new ImagenOperationError(
		context,
		`Not edited, because of another file in the same shoot: ${error.message}`,
		reassuring(error, NOTHING_DONE).description ?? NOTHING_DONE,
	);
}

function sharedName(context: IExecuteFunctions, { name, itemIndexes: [itemIndex] }: Shoot) {
	return new ImagenOperationError(
		context,
		`Two shoots have the same project name '${name}'`,
		"Give each shoot its own 'Project Name', or leave it empty: 'Group By' then names the projects.",
		itemIndex,
	);
}
