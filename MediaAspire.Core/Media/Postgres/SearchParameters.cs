using Npgsql;
using NpgsqlTypes;

namespace MediaAspire.Core.Media.Postgres;

/// <summary>The parameters of a statement that is composed: values of clients are nowhere else.</summary>
internal sealed class SearchParameters
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>Adds a value.</summary>
    /// <returns>Its placeholder.</returns>
    public string Add(object value) => Add(new NpgsqlParameter
    {
        Value = value is DateTimeOffset time ? time.ToUniversalTime() : value,
    });

    /// <summary>Adds a JSON document.</summary>
    /// <returns>Its placeholder.</returns>
    public string AddJson(string json) => Add(new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });

    public NpgsqlBatchCommand Command(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private string Add(NpgsqlParameter parameter)
    {
        _parameters.Add(parameter);
        return $"${_parameters.Count}";
    }
}
