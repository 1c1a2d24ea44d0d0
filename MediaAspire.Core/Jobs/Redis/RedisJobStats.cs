using StackExchange.Redis;

namespace MediaAspire.Core.Jobs.Redis;

/// <summary>Counts the jobs in Redis; costs the same however many there are.</summary>
internal sealed class RedisJobStats(RedisJobCommands commands) : IJobStats
{
    public async Task<IReadOnlyList<JobKindStats>> ReadAsync(CancellationToken cancellationToken)
    {
        var kinds = RedisJobFields.List(await commands.RunAsync(RedisJobScripts.Stats, [], cancellationToken));
        return [.. kinds.Select(ReadKind).Where(HasAny).OrderBy(kind => kind.Kind, StringComparer.Ordinal)];
    }

    private static JobKindStats ReadKind(RedisResult answer)
    {
        var fields = RedisJobFields.List(answer);
        return new JobKindStats(
            (string)fields[0]!,
            (long)fields[1],
            (long)fields[2],
            (long)fields[3],
            (long)fields[4],
            RedisJobFields.Duration(fields[5]));
    }

    private static bool HasAny(JobKindStats kind) => kind.Ready + kind.Delayed + kind.Running + kind.Dead > 0;
}
