using Npgsql;

namespace MediaAspire.Core.Duties;

/// <summary>Signals the worker that leads a duty to run it now instead of at its next interval.</summary>
public static class DutySignals
{
    /// <summary>The PostgreSQL channel; the payload is the duty's name.</summary>
    public const string Channel = "duty_wanted";

    /// <summary>Makes a command that wakes a duty when its transaction commits.</summary>
    public static NpgsqlBatchCommand Wake(string duty) =>
        new("SELECT pg_notify($1, $2)") { Parameters = { new() { Value = Channel }, new() { Value = duty } } };
}
