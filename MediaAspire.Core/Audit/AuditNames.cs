namespace MediaAspire.Core.Audit;

/// <summary>The names of enumerations in the database, in queries and in exports.</summary>
public static class AuditNames
{
    private static readonly string[] s_apis = ["rest", "admin", "s3"];
    private static readonly string[] s_actors = ["anonymous", "unverified", "api-key", "access-key", "person"];
    private static readonly string[] s_outcomes = ["done", "refused", "failed"];

    public static string Name(this AuditApi api) => s_apis[(int)api];

    public static string Name(this AuditActorKind kind) => s_actors[(int)kind];

    public static string Name(this AuditOutcome outcome) => s_outcomes[(int)outcome];

    /// <summary>Determines whether a text names an API.</summary>
    public static bool IsApi(string name) => s_apis.Contains(name);

    /// <summary>Determines whether a text names an outcome.</summary>
    public static bool IsOutcome(string name) => s_outcomes.Contains(name);

    internal static AuditApi Api(string name) => (AuditApi)Array.IndexOf(s_apis, name);

    internal static AuditActorKind Actor(string name) => (AuditActorKind)Array.IndexOf(s_actors, name);

    internal static AuditOutcome Outcome(string name) => (AuditOutcome)Array.IndexOf(s_outcomes, name);
}
