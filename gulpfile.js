const { dest, src } = require('gulp');

/** n8n looks for icons and codex files beside the compiled code, at the paths they have in the sources. */
function assets() {
	return src(['icons/*.svg', 'nodes/**/*.json'], { base: '.', encoding: false }).pipe(dest('dist'));
}

exports.default = assets;
