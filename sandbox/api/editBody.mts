import { profiles, unlistedProfile } from '../account/profiles.mts';
import type { EditOrder } from '../account/project.mts';
import {
	checkCallbackUrl,
	checkInteger,
	checkSwitches,
	isOneOf,
	notAmong,
	withoutNulls,
} from './bodyChecks.mts';
import { finding, notFound, unprocessable, type Finding } from './errors.mts';

const switches = [
	'crop',
	'portrait_crop',
	'headshot_crop',
	'straighten',
	'perspective_correction',
	'subject_mask',
	'smooth_skin',
	'window_pull',
	'hdr_merge',
	'sky_replacement',
	'export',
];
const cropSwitches = ['crop', 'portrait_crop', 'headshot_crop'];
const aspectRatios = ['2X3', '4X5', '5X7'];
const compressions = ['LOSSY', 'LOSSLESS'];

/** Reads the body of `POST /edit`; throws an ApiError with all that is wrong with it. */
export function readEditBody(body: Record<string, unknown>): EditOrder {
	const fields = withNumericKey(withoutNulls(body));
	const { profile_key: profileKey, callback_url: callbackUrl, ...tools } = fields;
	const findings = [
		...checkProfileKey(fields),
		...checkSwitches(fields, switches),
		...checkChoices(fields),
		...checkExclusions(fields),
		...checkCallbackUrl(fields),
	];
	if (findings.length > 0) throw unprocessable(findings);
	const profile = [...profiles, unlistedProfile].find(({ profile_key }) => profile_key === profileKey);
	if (!profile) throw notFound(`Profile ${profileKey} not found`);
	return { profile, tools, export: tools.export === true, callbackUrl: callbackUrl as string | undefined };
}

/** The API takes a key in digits for the number that it is. */
function withNumericKey(body: Record<string, unknown>): Record<string, unknown> {
	const { profile_key: key } = body;
	return typeof key === 'string' && /^\d+$/.test(key) ? { ...body, profile_key: Number(key) } : body;
}

function checkProfileKey(body: Record<string, unknown>): Finding[] {
	return body.profile_key === undefined
		? [finding('profile_key', 'field required', 'value_error.missing')]
		: checkInteger(body, 'profile_key');
}

function checkChoices(tools: Record<string, unknown>): Finding[] {
	const findings: Finding[] = [];
	const { photography_type: type, crop_aspect_ratio: ratio, hdr_output_compression: compression } = tools;
	if (!isOneOf(typeof type, ['string', 'undefined'])) {
		findings.push(finding('photography_type', 'str type expected', 'type_error.str'));
	}
	if (ratio !== undefined && !isOneOf(ratio, aspectRatios)) {
		findings.push(notAmong('crop_aspect_ratio', aspectRatios));
	}
	if (compression !== undefined && !isOneOf(compression, compressions)) {
		findings.push(notAmong('hdr_output_compression', compressions));
	}
	return [...findings, ...checkInteger(tools, 'sky_replacement_template_id')];
}

function checkExclusions(tools: Record<string, unknown>): Finding[] {
	const findings: Finding[] = [];
	const crops = cropSwitches.filter((name) => tools[name] === true);
	if (crops.length > 1) findings.push(finding('crop', `only one of ${crops.join(', ')} can be true`));
	if (tools.straighten === true && tools.perspective_correction === true) {
		findings.push(finding('straighten', 'straighten and perspective_correction cannot both be true'));
	}
	if (tools.crop_aspect_ratio !== undefined && crops.length === 0) {
		findings.push(finding('crop_aspect_ratio', 'crop_aspect_ratio needs a crop'));
	}
	if (tools.hdr_output_compression !== undefined && tools.hdr_merge !== true) {
		findings.push(finding('hdr_output_compression', 'hdr_output_compression needs hdr_merge'));
	}
	return findings;
}
