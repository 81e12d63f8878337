import { isOutcomeUnknown, isUntrustedServer, type Failure } from './failure';

/** What to do after a request that failed: one or two sentences for the person in front of the panel. */
export function nextStepAfter(failure: Failure): string {
	switch (failure.kind) {
		case 'answer':
			return nextStepAfterStatus(failure.statusCode, failure.message);
		case 'connection':
			return `${nextStepAfterConnection(failure.code)}${failure.code ? ` (${failure.code})` : ''}`;
		case 'malformed':
			return "Check 'Environment' in the credential, and any proxy between n8n and the internet: the answer did not come from Imagen's API.";
	}
}

/** What to do about a link that does not give its file. */
export const GET_FRESH_LINKS =
	"Get the links right before this node, and use a kind of link that opens the file without a sign-in: @microsoft.graph.downloadUrl from OneDrive's Get, files/get_temporary_link from Dropbox's API, or a presigned S3 link.";

/** What to do when a link's server, which is not Imagen's, did not give the file. */
export function nextStepAfterLink(failure: Failure): string {
	if (failure.kind === 'connection' && isUntrustedServer(failure.code)) return nextStepAfter(failure);
	if (failure.kind !== 'answer') {
		const code = failure.kind === 'connection' && failure.code ? ` (${failure.code})` : '';
		return `Check that n8n can reach the address of the link, then run the node again${code}.`;
	}
	return failure.statusCode === 429
		? "Run the node again in a few minutes, with fewer photos at a time. The link's server got too many requests."
		: "Run the node again in a few minutes. The problem is on the link's server.";
}

function nextStepAfterConnection(code: string): string {
	return isUntrustedServer(code)
		? 'Ask whoever runs your n8n to make it trust that certificate, with NODE_EXTRA_CA_CERTS. Something on the way, such as a company proxy, intercepts the connection.'
		: "Check 'Environment' in the credential (for Custom, also 'URL') and that n8n can reach the internet, then run the node again.";
}

function nextStepAfterStatus(statusCode: number, message: string): string {
	if (statusCode >= 500) {
		return "Run the node again in a few minutes. If it fails again, contact Imagen support: the problem is on Imagen's side.";
	}
	if (statusCode >= 300 && statusCode < 400) {
		return "Check 'Environment' and 'URL' in the credential. The server redirects to another address, and the API key is not sent there.";
	}
	switch (statusCode) {
		case 401:
			return "Check the API key in the Imagen AI credential, and that 'Environment' is the one the key is for. Nothing was uploaded or billed by this request.";
		case 403:
			return 'Check that the project and the profile belong to the same Imagen account as the API key, and that the account has API access. Imagen knows the key, but does not allow it to do this. Nothing was uploaded or billed by this request.';
		case 404:
			return `Check the ${unknownIn(message)}: it may have been deleted, or it may belong to another account or to the other editing flow (AI Profile or Smart Editing). Also check 'Environment' in the credential.`;
		case 409:
			return 'Check the project with Get edit status or Get export status, and run the node again when the work in progress is finished. The state of the project does not allow this now.';
		case 422:
			return 'In this node, correct the field that the message names, then run the node again. Imagen does not accept its value.';
		case 429:
			return 'Run the node again in a minute. Imagen got too many requests in a short time.';
		default:
			return 'In this node, correct what the message names, then run the node again. Imagen did not accept it.';
	}
}

/** What a server does not know, by its own words. */
function unknownIn(message: string): string {
	const named = ['project', 'profile'].filter((noun) => message.toLowerCase().includes(noun));
	return named.length === 1 ? named[0] : 'project or profile';
}

/** What to do when no project has the name. */
export const CHECK_THE_NAME =
	"Check the spelling, and 'Environment' in the credential. The project may also belong to another account or to the other editing flow (AI Profile or Smart Editing).";

/** The same in Smart Editing, whose projects are searched in the list of those that are not archived. */
export const CHECK_THE_SMART_NAME = `${CHECK_THE_NAME} If it is archived, restore it in Imagen.`;

/** What to do first with a project whose photos are not finished, so that they cannot be retouched yet. */
export function finishPhotosFirst(isSmartEditing: boolean): string {
	return isSmartEditing
		? 'Put Wait for edit before this node, so that the edit is finished. Only finished photos can be retouched or replaced.'
		: "Put Start export and Wait for export before this node, or set 'Results' of Edit shoot to Exported Photos. Only finished photos can be retouched or replaced.";
}

/** What to do when a project's photos could not be retouched; undefined where the status alone says it. */
export function nextStepAfterRetouch(failure: Failure, isSmartEditing: boolean): string | undefined {
	if (failure.kind !== 'answer') return undefined;
	if (/has not been exported yet/i.test(failure.message)) return finishPhotosFirst(isSmartEditing);
	if (/only realistic editing/i.test(failure.message)) {
		return 'Use Apply tool to photos instead, or ask Imagen support to change your account: it allows realistic edits only, however the instruction is worded.';
	}
	return undefined;
}

/** The same for a call about one photo, which the project may not have. */
export function nextStepAfterPhoto(failure: Failure, isSmartEditing: boolean): string | undefined {
	return failure.kind === 'answer' && failure.statusCode === 404
		? `Check that the project has a finished photo with exactly this 'File Name', as Get download links for ${isSmartEditing ? 'edited' : 'exported'} photos returns it, and that the option 'Editing Flow', if you added it, is that of the project. Imagen may also not know the version or the tool.`
		: nextStepAfterRetouch(failure, isSmartEditing);
}

/** What official clients say that Smart Editing needs; no document of the API does. */
export const FEWEST_SMART_PHOTOS = 5;

/**
 * What to do about photos that may be too few for Smart Editing: whoever sends them learns no more from the API than that it broke.
 *
 * @param photos how many there are, 0 where that is not known
 */
export function enoughForSmartEditing(photos: number): string {
	if (photos >= FEWEST_SMART_PHOTOS) return '';
	return photos === 0
		? `If the project has fewer than ${FEWEST_SMART_PHOTOS} photos, add some first: Smart Editing needs that many. `
		: `Add photos first: Smart Editing needs at least ${FEWEST_SMART_PHOTOS}; there ${photos === 1 ? 'is' : 'are'} ${photos}. `;
}

/** The same for a call that makes a version of a photo, which may be made although no answer says so. */
export function nextStepAfterVersion(failure: Failure, isSmartEditing: boolean): string | undefined {
	const known = nextStepAfterPhoto(failure, isSmartEditing);
	if (known !== undefined) return known;
	if (isOutcomeUnknown(failure))
		return 'You can run the node again: that makes another version from the same starting point, not on top of this one. Imagen may already have made this version.';
	return failure.kind === 'answer' && failure.statusCode < 300
		? 'Reword the instruction, choose another tool, or start from another version. No version was made.'
		: undefined;
}
