namespace MediaAspire.AppHost.Engines.Processes;

/// <summary>The unprivileged account that an engine runs under when the AppHost is root.</summary>
/// <remarks>PostgreSQL refuses to run as root, and Redis does not need to.</remarks>
internal sealed class EngineAccount
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly string _setpriv;

    private EngineAccount(string name, string userId, string groupId, string setpriv)
    {
        Name = name;
        UserId = userId;
        GroupId = groupId;
        _setpriv = setpriv;
    }

    /// <summary>The account's name.</summary>
    public string Name { get; }

    /// <summary>Numeric user id.</summary>
    public string UserId { get; }

    /// <summary>Numeric id of the account's own group.</summary>
    public string GroupId { get; }

    /// <summary>Finds the account for an engine.</summary>
    /// <param name="preferred">The account that the engine's package creates; <c>nobody</c> is used if it does not exist.</param>
    /// <returns>The account; <see langword="null"/> when the AppHost is not root and engines run as its own user.</returns>
    /// <exception cref="DistributedApplicationException">The AppHost is root and cannot drop to an unprivileged account.</exception>
    public static EngineAccount? Find(string preferred)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return null;
        }

        var setpriv = Executables.Find("setpriv") ?? throw new DistributedApplicationException(
            "The AppHost runs as root and needs setpriv to start engines under an unprivileged account, but setpriv was not found. "
            + "Install the package util-linux, or run the AppHost as an ordinary user.");

        foreach (var name in new[] { preferred, "nobody" })
        {
            if (Identify("-u", name) is { } userId && Identify("-g", name) is { } groupId)
            {
                return new EngineAccount(name, userId, groupId, setpriv);
            }
        }

        throw new DistributedApplicationException(
            $"The AppHost runs as root, and neither of the accounts '{preferred}' and 'nobody' exists to run engines under. "
            + "Create one, or run the AppHost as an ordinary user.");
    }

    /// <summary>Returns the command that runs <paramref name="command"/> under the account.</summary>
    /// <remarks>setpriv replaces itself with the command, so signals reach the engine. runuser and su would remain as its parent.</remarks>
    public IReadOnlyList<string> Wrap(params IEnumerable<string> command) =>
        [_setpriv, $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--", .. command];

    /// <summary>Returns a value indicating whether the account can enter the nearest existing part of <paramref name="path"/>.</summary>
    public bool CanReach(string path)
    {
        var existing = path;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        var command = Wrap("test", "-x", existing);
        return ChildProcess.Run(command[0], [.. command.Skip(1)], s_patience) is { ExitCode: 0 };
    }

    private static string? Identify(string option, string name) =>
        Executables.Find("id") is { } id && ChildProcess.Run(id, [option, name], s_patience) is { ExitCode: 0 } answer
            ? answer.Output.Trim()
            : null;
}
