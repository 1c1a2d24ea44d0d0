#!/usr/bin/env bash
# Starts the whole graph. Installs missing engines, prints a line for each public address when all is healthy, and runs until Ctrl-C
# or SIGTERM, which stop everything. CONFIGURATION=Debug runs a debug build. Arguments go to the AppHost: ./run.sh --fresh --Storage:Nodes=7
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/eng/common.sh"

engines=${Engines:-auto}
for argument in "$@"; do
  case $argument in
    --Engines=* | --engines=*) engines=${argument#*=} ;;
  esac
done

require_dotnet
prepare_engines "$engines"
prepare_image_tools || say 'Continuing without them. The worker is degraded, and pictures or videos wait, until they are installed.'
prepare_node || say 'Continuing without it. /console shows a page that says what is missing.'
configuration=${CONFIGURATION:-Release}
build MediaAspire.AppHost "$configuration"

# These are the settings of the launch profile. The AppHost replaces this shell, so that signals reach it.
export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development}
export ASPIRE_ALLOW_UNSECURED_TRANSPORT=${ASPIRE_ALLOW_UNSECURED_TRANSPORT:-true}
exec "$root/MediaAspire.AppHost/bin/$configuration/net10.0/MediaAspire.AppHost" "$@"
