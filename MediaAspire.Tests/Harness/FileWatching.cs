using System.Runtime.CompilerServices;

namespace MediaAspire.Tests.Harness;

/// <summary>Turns off the watching of settings files, in this process and in those that it starts.</summary>
/// <remarks>Each host watches its settings by an inotify instance, and a user has 128 of them by default: too few for so parallel a run.</remarks>
internal static class FileWatching
{
    [ModuleInitializer]
    internal static void TurnOff() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
