/* The shape of the generated table of assets (web/build.mjs writes it). */
#ifndef KONTOR_UI_ASSETS_H
#define KONTOR_UI_ASSETS_H

#include "ui/ui_int.h"

#endif
