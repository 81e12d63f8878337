import { isRecord } from '../api/answer';
import { quotedName } from '../errors/lists';
import type { EditRequest, SmartEditRequest } from '../api/editRequest';
import type { Profile, Project } from '../api/types';
import { settingName } from './settingNames';

/** What an edit is sent with: profile, AI tools, photography type, and whether it is exported. What is absent is off. */
export type EditSettings = Partial<Record<string, boolean | number | string>>;

/** The settings of a request: all but the address to call. */
export function settingsOf(request: EditRequest | SmartEditRequest): EditSettings {
	return without(request, 'callback_url');
}

const without = (settings: EditSettings, left: string): EditSettings =>
	Object.fromEntries(Object.entries(settings).filter(([name]) => name !== left));

/**
 * How settings that are asked for differ from those that were used: what was used, and what is asked for, of each.
 *
 * @param profiles those that are listed, for their names
 */
export function differences(asked: EditSettings, used: EditSettings, profiles: Profile[] = []): string[] {
	const names = [...new Set([...Object.keys(used), ...Object.keys(asked)])];
	return (
		names
			.filter((name) => valueOf(asked, name) !== valueOf(used, name))
			// An export that comes besides is in nobody's way.
			.filter((name) => name !== 'export' || asked.export === true)
			.map((name) => {
				const [was, is] = [used, asked].map((settings) => valueOf(settings, name));
				const isSwitch = typeof was === 'boolean' && typeof is === 'boolean';
				const [wasText, isText] = [was, is].map((value) =>
					name === 'profile_key' ? profileText(String(value), profiles) : valueText(name, value, isSwitch),
				);
				return `${settingLabel(name)} ${wasText}, not ${isText}`;
			})
	);
}

/** Off, and no photography type, may as well be left out of a request. */
function valueOf(settings: EditSettings, name: string) {
	const value = settings[name];
	return value === undefined || value === null || value === 'NO_TYPE' ? false : value;
}

/** A setting by its label in the panel; one that the panel lacks by its name in the API. */
function settingLabel(name: string): string {
	if (name === 'profile_key') return 'profile';
	const label = settingName(name)?.label;
	return label ? `'${label}'` : name.replaceAll('_', ' ');
}

/** A value as the panel has it. @param isSwitch whether the setting can only be on or off */
function valueText(name: string, value: boolean | number | string, isSwitch: boolean): string {
	const choices = settingName(name)?.choices;
	if (value === false) return isSwitch ? 'off' : (choices?.NO_TYPE ?? 'none');
	return value === true ? 'on' : (choices?.[String(value)] ?? String(value));
}

/** A profile with its name and key, where it is listed: `'Warm' (29132)`. @param known its key or its name */
function profileText(known: string, profiles: Profile[]): string {
	const named = profiles.filter(({ profile_name }) => profile_name === known);
	const listed = profiles.find(({ profile_key }) => String(profile_key) === known) ?? named[0];
	if (!listed) return /^\d+$/.test(known) ? known : quotedName(known);
	// Of two profiles of one name, nobody knows which it is.
	return named.length > 1 ? quotedName(known) : `${quotedName(listed.profile_name)} (${listed.profile_key})`;
}

/**
 * The same, of what the API tells of an edit: the name of its profile, and the names of the AI tools that are on, as the official
 * clients have it. Both are optional, and undocumented: a key, or an object with one, and tools by name are taken too, and what is
 * none of these says nothing.
 *
 * @param profiles those that are listed
 */
export function differencesFrom(asked: EditSettings, project: Project, profiles: Profile[] = []): string[] {
	const profile = profileIn(project);
	const profileName = profiles.find(({ profile_key }) => profile_key === asked.profile_key)?.profile_name;
	const tools = toolsIn(project);
	// A name that is not listed says nothing of a key that is not listed either.
	const isListed =
		profile !== undefined &&
		(/^\d+$/.test(profile) || profiles.some(({ profile_name }) => profile_name === profile));
	const isComparable = profileName !== undefined || isListed;
	const isOther =
		isComparable && profile !== undefined && ![String(asked.profile_key), profileName].includes(profile);
	return [
		...(isOther && asked.profile_key !== undefined
			? [`profile ${profileText(profile, profiles)}, not ${profileText(String(asked.profile_key), profiles)}`]
			: []),
		...(tools ? differences(switchesOf(asked), switchesOf(tools)) : []),
	];
}

/** The key or the name of the profile that a project was edited with; undefined where the API does not tell it. */
export function profileIn({ profile }: Project): string | undefined {
	const name = isRecord(profile) ? (profile.profile_key ?? profile.profile_name) : profile;
	return typeof name === 'number' || (typeof name === 'string' && name !== '') ? String(name) : undefined;
}

/** The AI tools that a project was edited with; undefined where the API does not tell them in the words of a request. */
export function toolsIn({ ai_tools }: Project): EditSettings | undefined {
	if (isRecord(ai_tools)) return ai_tools as EditSettings;
	if (!Array.isArray(ai_tools) || !ai_tools.every((name) => /^[a-z]+(_[a-z]+)*$/.test(String(name))))
		return undefined;
	return Object.fromEntries(ai_tools.map((name) => [String(name), true]));
}

/** Of the tools that the API tells only on and off count: it may add values of its own. Whether the edit was exported is no part of what it was. */
const switchesOf = (settings: EditSettings): EditSettings =>
	Object.fromEntries(
		Object.entries(without(settings, 'export')).filter(([, value]) => typeof value === 'boolean'),
	);
