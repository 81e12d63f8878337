/** The version of the sources that a README belongs to. */
export interface Release {
	/** `owner/name` on GitHub. */
	repository: string;
	version: string;
}

/** Code, or where a link or picture of Markdown or HTML leads. */
const CODE_OR_TARGET = /```[\s\S]*?```|`[^`\n]+`|(?<=\]\()[^)\s]+|(?<=\b(?:src|href)=")[^"]+/g;
const STAYS = /^(?:`|#|[a-z]+:)/;
const PICTURE = /\.(?:png|jpe?g|svg|gif|webp)$/;

/** The README with relative links and pictures leading to the version's tag on GitHub: npm's page has none of the files beside it. */
export function withAbsoluteLinks(readme: string, { repository, version }: Release): string {
	const files = `https://github.com/${repository}/blob/v${version}/`;
	const pictures = `https://raw.githubusercontent.com/${repository}/v${version}/`;
	return readme.replace(CODE_OR_TARGET, (match) =>
		STAYS.test(match) ? match : new URL(match, PICTURE.test(match) ? pictures : files).href,
	);
}
