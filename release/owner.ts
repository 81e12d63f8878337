/** What package.json says of the owner. It holds placeholders until the first release, and nothing else names the owner. */
export interface OwnerFields {
	author: { name: string; email: string };
	homepage: string;
	repository: { url: string };
}

/** example.com belongs to nobody (RFC 2606). */
const PLACEHOLDER = /^Your name$|\bexample\.com\b/;
const GITHUB = /^(?:git\+)?https:\/\/github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?$/;

/** `owner/name` of the repository; undefined if it is not on GitHub, from where n8n verifies packages. */
export function githubRepository({ repository }: Pick<OwnerFields, 'repository'>): string | undefined {
	return GITHUB.exec(repository.url)?.[1];
}

/** The fields of package.json that the owner has still to set, each with what belongs there. */
export function unsetFields(manifest: OwnerFields): string[] {
	const { author, homepage } = manifest;
	const fields = [
		{ isSet: !PLACEHOLDER.test(author.name), text: 'author.name: your name, as on your npm account' },
		{ isSet: !PLACEHOLDER.test(author.email), text: 'author.email: your email address' },
		{
			isSet: githubRepository(manifest) !== undefined,
			text: 'repository.url: the repository on GitHub, as git+https://github.com/<owner>/<repository>.git',
		},
		{
			isSet: !PLACEHOLDER.test(homepage),
			text: 'homepage: a page about the package, such as https://github.com/<owner>/<repository>#readme',
		},
	];
	return fields.filter(({ isSet }) => !isSet).map(({ text }) => text);
}
