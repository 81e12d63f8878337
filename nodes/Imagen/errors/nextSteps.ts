import { isUntrustedServer, type Failure } from './failure';

/** What to do after a request that failed: one or two sentences for the person in front of the panel. */
export function nextStepAfter(failure: Failure): string {
	switch (failure.kind) {
		case 'answer':
			return nextStepAfterStatus(failure.statusCode);
		case 'connection':
			return `${nextStepAfterConnection(failure.code)}${failure.code ? ` (${failure.code})` : ''}`;
		case 'malformed':
			return "The answer was not the API's. Check the 'Environment' of the credential, and any proxy between this n8n and the internet.";
	}
}

/** What to do about a link that does not give its file. */
export const GET_FRESH_LINKS =
	"Get the links right before this node, of a kind that gives the file without a sign-in: OneDrive's Get gives @microsoft.graph.downloadUrl, Dropbox's API files/get_temporary_link, S3 a presigned link.";

/** What to do when a link's server, which is not Imagen's, did not give the file. */
export function nextStepAfterLink(failure: Failure): string {
	if (failure.kind === 'connection' && isUntrustedServer(failure.code)) return nextStepAfter(failure);
	if (failure.kind !== 'answer') {
		const code = failure.kind === 'connection' && failure.code ? ` (${failure.code})` : '';
		return `Check that this n8n reaches the address that the link leads to, then run the node again${code}.`;
	}
	return failure.statusCode === 429
		? "The link's server got too many requests in a short time. Run the node again in a few minutes, with fewer photos at once."
		: "The fault is on the side of the link's server. Run the node again in a few minutes.";
}

function nextStepAfterConnection(code: string): string {
	return isUntrustedServer(code)
		? "Something on the way, such as a company's proxy, opens the connection. Ask who runs this n8n to have it trust that certificate: Node.js takes it by NODE_EXTRA_CA_CERTS."
		: "Check that this n8n reaches the internet and that the 'Environment' of the credential is right, then run the node again.";
}

function nextStepAfterStatus(statusCode: number): string {
	if (statusCode >= 500) {
		return 'The fault is on the side of Imagen. Run the node again in a few minutes; if it stays, contact the Imagen support.';
	}
	if (statusCode < 400) {
		return "The API does not redirect, and the API key is not handed on to another address. Check the 'Environment' and 'URL' of the credential.";
	}
	switch (statusCode) {
		case 401:
			return "Check the API key in the Imagen AI credential, and that its 'Environment' is the one the key was made for. Nothing was uploaded or billed by this request.";
		case 403:
			return 'The API key is known but may not do this. Check that project and profile belong to the same Imagen account as the key, and that the account has API access. Nothing was uploaded or billed by this request.';
		case 404:
			return "Check the project or profile: it may be deleted, belong to another account or another 'Environment' than the credential, or be of the other 'Editing Flow'.";
		case 409:
			return 'The project is not in a state that allows this. Look at it with Get Status, and run the node again when the work in progress is done.';
		case 422:
			return 'Imagen does not take the value of the field that the message names. Correct it in this node, then run it again.';
		case 429:
			return "Imagen got too many requests in a short time. Run the node again in a minute; if it happens again, lower 'Parallel Uploads' or 'Parallel Downloads' in 'Options'.";
		default:
			return 'Imagen did not accept what the message names. Correct it in this node, then run it again.';
	}
}

/** What to do first with a project whose photos are not finished, so that they cannot be retouched yet. */
export function finishPhotosFirst(isSmartEditing: boolean): string {
	return isSmartEditing
		? 'Only finished photos can be retouched or replaced. Put Edit: Wait before this node, so that Smart Editing is Completed.'
		: 'Only finished photos can be retouched or replaced. Put Export: Start and Export: Wait before this node.';
}

/** What to do when a project's photos could not be retouched; undefined where the status alone says it. */
export function nextStepAfterRetouch(failure: Failure, isSmartEditing: boolean): string | undefined {
	if (failure.kind !== 'answer') return undefined;
	if (/has not been exported yet/i.test(failure.message)) return finishPhotosFirst(isSmartEditing);
	if (/only realistic editing/i.test(failure.message)) {
		return 'Your Imagen account allows realistic edits only, whatever the wording. Ask the Imagen support to change that, or use Apply Tool.';
	}
	return failure.statusCode < 300
		? 'No version was made. Say it in other words, choose another tool, or start from another version.'
		: undefined;
}

/** The same for a call about one photo, which the project may not have. */
export function nextStepAfterPhoto(failure: Failure, isSmartEditing: boolean): string | undefined {
	return failure.kind === 'answer' && failure.statusCode === 404
		? "Check that the project has a finished photo of exactly this 'File Name', as Get Download Links gives it, and that 'Editing Flow' is that of the project. The version or the tool may also be unknown."
		: nextStepAfterRetouch(failure, isSmartEditing);
}

/** What official clients say that Smart Editing needs; no document of the API does. */
export const FEWEST_SMART_PHOTOS = 5;

/** Whoever sends too few photos learns no more from the API than that it broke. */
export const SMART_EDITING_NEEDS = `Smart Editing needs at least ${FEWEST_SMART_PHOTOS} photos in a project. If there are fewer, add photos first.`;

/** What to do after a version that may have been made, although no answer says so. */
export const VERSION_MAY_BE_MADE =
	'Imagen may have made this version all the same. Running the node again makes another one, from the same start: no retouching is put on top of itself.';
