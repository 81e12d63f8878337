import ts from 'typescript';

import { pathFrom, readRuntimeSources, readText } from './project';
import { textsIn, type CodeText } from './texts';

/** A declaration at the top level of a file, as `path#name`. */
type Place = string;

/** What a declaration says, and what it uses. */
interface Declaration {
	texts: CodeText[];
	uses: Place[];
}

let declarations: Map<Place, Declaration> | undefined;

/**
 * The texts that the code may put out once it runs a declaration: its own, and those of all that it uses, however far away. Names are
 * followed as they are imported, so that a file's other declarations do not count.
 */
export function textsReachedFrom(path: string, name: string): CodeText[] {
	declarations ??= allDeclarations();
	const reached = new Set<Place>();
	const open = [`${path}#${name}`];
	for (let place = open.pop(); place !== undefined; place = open.pop()) {
		if (reached.has(place)) continue;
		reached.add(place);
		open.push(...(declarations.get(place)?.uses ?? []));
	}
	return [...reached].flatMap((place) => declarations?.get(place)?.texts ?? []);
}

function allDeclarations(): Map<Place, Declaration> {
	const all = new Map<Place, Declaration>();
	for (const { path } of readRuntimeSources()) {
		const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
		const places = placesOfNames(source);
		for (const statement of source.statements) {
			if (ts.isImportDeclaration(statement)) continue;
			const texts = textsIn(statement).map((text) => ({ path, text }));
			const uses = identifiersIn(statement).flatMap((identifier) => places.get(identifier) ?? []);
			for (const name of namesOf(statement)) all.set(`${path}#${name}`, { texts, uses });
		}
	}
	return all;
}

/** Where the names of a file come from: from the file itself, or from those that it imports. */
function placesOfNames(source: ts.SourceFile): Map<string, Place> {
	const places = new Map<string, Place>();
	for (const statement of source.statements) {
		for (const name of namesOf(statement)) places.set(name, `${source.fileName}#${name}`);
		if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))
			for (const [name, place] of bindingsOf(source, statement)) places.set(name, place);
	}
	return places;
}

/** The names that an import binds; a type says nothing. */
function bindingsOf(
	{ fileName }: ts.SourceFile,
	statement: ts.ExportDeclaration | ts.ImportDeclaration,
): Array<[string, Place]> {
	const from = (statement.moduleSpecifier as ts.StringLiteral | undefined)?.text ?? '';
	const bindings = ts.isImportDeclaration(statement)
		? statement.importClause?.namedBindings
		: statement.exportClause;
	if (!from.startsWith('.') || !bindings || !('elements' in bindings)) return [];
	const path = `${pathFrom(fileName, from)}.ts`;
	return [...bindings.elements]
		.filter(({ isTypeOnly }) => !isTypeOnly)
		.map(({ name, propertyName }) => [name.text, `${path}#${(propertyName ?? name).text}`]);
}

function namesOf(statement: ts.Statement): string[] {
	if (ts.isVariableStatement(statement))
		return statement.declarationList.declarations.map(({ name }) => name.getText());
	const isNamed = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
	return isNamed && statement.name ? [statement.name.text] : [];
}

function identifiersIn(node: ts.Node): string[] {
	if (ts.isTypeNode(node)) return [];
	if (ts.isIdentifier(node)) return [node.text];
	const inside: string[] = [];
	ts.forEachChild(node, (child) => {
		inside.push(...identifiersIn(child));
	});
	return inside;
}

/** The declaration of each operation, by resource and operation: as the files of the resources name them. */
export function operationPlaces(): Map<string, [path: string, name: string]> {
	const found = new Map<string, [string, string]>();
	for (const { path } of readRuntimeSources()) {
		const resource = /\/(\w+)\/\w+\.resource\.ts$/.exec(path)?.[1];
		if (resource === undefined) continue;
		const source = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
		const places = placesOfNames(source);
		const collect = (node: ts.Node): void => {
			if (!ts.isPropertyAssignment(node) || node.name.getText() !== 'operations')
				return ts.forEachChild(node, collect);
			for (const property of (node.initializer as ts.ObjectLiteralExpression).properties) {
				const value = (property as ts.PropertyAssignment).initializer;
				const [file, name] = (places.get(identifiersIn(value)[0]) ?? '#').split('#');
				found.set(`${resource}.${property.name?.getText()}`, [file, name]);
			}
		};
		collect(source);
	}
	return found;
}
