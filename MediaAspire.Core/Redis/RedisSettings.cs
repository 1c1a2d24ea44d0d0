namespace MediaAspire.Core.Redis;

/// <summary>The settings of Redis on which the durability of staged data and jobs depends.</summary>
internal static class RedisSettings
{
    private static readonly (string Name, string Required, string Consequence)[] s_required =
    [
        ("appendonly", "yes", "A restart loses the acknowledged data."),
        ("appendfsync", "always", "A crash of its machine loses the acknowledged data of the last second or more."),
        ("maxmemory-policy", "noeviction", "Redis deletes acknowledged data when its memory is full."),
    ];

    /// <summary>Gets the names of the settings.</summary>
    public static IEnumerable<string> Names => s_required.Select(setting => setting.Name);

    /// <summary>Finds the settings that lose acknowledged data.</summary>
    /// <param name="values">The values by name.</param>
    /// <returns>A text for each, with the value and the remedy.</returns>
    public static IReadOnlyList<string> FindProblems(IReadOnlyDictionary<string, string> values) =>
    [
        .. s_required
            .Where(setting => !values.TryGetValue(setting.Name, out var value) || value != setting.Required)
            .Select(setting =>
                $"Redis's {setting.Name} is '{values.GetValueOrDefault(setting.Name)}'. {setting.Consequence} Set {setting.Name} "
                + $"{setting.Required} in its configuration, or by CONFIG SET."),
    ];
}
