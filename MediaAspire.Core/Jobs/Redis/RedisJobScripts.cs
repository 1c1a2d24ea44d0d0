using System.Reflection;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>The Lua scripts: each runs in Redis as one step that nothing comes between.</summary>
internal static class RedisJobScripts
{
    private const string Folder = "MediaAspire.Core.Jobs.Redis.Scripts.";

    private static readonly string s_common = ReadEmbedded("common");

    public static readonly string Enqueue = Read("enqueue");
    public static readonly string Take = Read("take");
    public static readonly string Heartbeat = Read("heartbeat");
    public static readonly string Complete = Read("complete");
    public static readonly string Return = Read("return");
    public static readonly string MoveToDeadLetters = Read("dead-letter");
    public static readonly string ListDead = Read("dead-list");
    public static readonly string FindDead = Read("dead-find");
    public static readonly string ReplayDead = Read("dead-replay");
    public static readonly string PurgeDead = Read("dead-purge");
    public static readonly string Stats = Read("stats");

    private static string Read(string name) => s_common + ReadEmbedded(name);

    private static string ReadEmbedded(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{name}.lua")!);
        return reader.ReadToEnd();
    }
}
