/** The four faces of the one font of all figures. */
export type FaceName = 'regular' | 'italic' | 'bold' | 'boldItalic';
