/* What the desk carries beside `page.js`, in the order in which it begins. */
import "./list.js";
import "./selection.js";
import "./new-chats.js";
import "./one-pane.js";
import "./thread.js";
import "./choice-picker.js";
import "./note-signs.js";
import "./composer/reply-composer.js";
import "./story.js";
import "./lightbox.js";
import "./player.js";
import "./mail.js";
