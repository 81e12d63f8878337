import { skyTemplates } from '../account/profiles.mts';
import type { SmartOrder } from '../account/project.mts';
import { checkCallbackUrl, checkSwitches, isOneOf, notAmong, withoutNulls } from './bodyChecks.mts';
import { finding, unprocessable, type Finding } from './errors.mts';

const switches = ['hdr_merge', 'perspective_correction', 'sky_replacement'];
const known = [...switches, 'sky_replacement_template_id', 'callback_url'];

/** Reads the body of a Smart Editing's `POST /edit`; throws an ApiError with all that is wrong with it. */
export function readSmartBody(body: Record<string, unknown>): SmartOrder {
	const fields = withoutNulls(body);
	const { callback_url: callbackUrl, ...tools } = fields;
	const findings = [
		...checkKnown(body),
		...checkSwitches(fields, switches),
		...checkTemplate(fields),
		...checkCallbackUrl(fields),
	];
	if (findings.length > 0) throw unprocessable(findings);
	return { tools, callbackUrl: callbackUrl as string | undefined };
}

/** Unknown fields are refused: who sends a profile or a crop expects what Smart Editing does not do. */
function checkKnown(body: Record<string, unknown>): Finding[] {
	return Object.keys(body)
		.filter((name) => !known.includes(name))
		.map((name) => finding(name, 'extra fields not permitted', 'value_error.extra'));
}

function checkTemplate({ sky_replacement_template_id: template }: Record<string, unknown>): Finding[] {
	const ids = skyTemplates.map(({ id }) => id);
	return template === undefined || isOneOf(template, ids)
		? []
		: [notAmong('sky_replacement_template_id', ids)];
}
