using System.Buffers;
using System.Text;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The decoded parameters of a query, in their order. As in S3, the case of names is significant.</summary>
internal sealed class RequestQuery
{
    private readonly List<(string Name, byte[] NameBytes, byte[] Value, bool HasValue)> _parameters = [];

    private RequestQuery()
    {
    }

    /// <summary>Gets the parameters; a value may be any bytes.</summary>
    public IEnumerable<(string Name, byte[] Value)> Parameters => _parameters.Select(parameter => (parameter.Name, parameter.Value));

    /// <summary>Gets the parameters; the value is <see langword="null"/> where a name is not followed by <c>=</c>.</summary>
    public IEnumerable<(string Name, byte[]? Value)> Pairs =>
        _parameters.Select(parameter => (parameter.Name, parameter.HasValue ? parameter.Value : null));

    /// <summary>Parses a query without its question mark. Empty pairs are skipped; a name without <c>=</c> has an empty value.</summary>
    public static RequestQuery Parse(ReadOnlySpan<char> rawQuery)
    {
        var query = new RequestQuery();
        foreach (var range in rawQuery.Split('&'))
        {
            var pair = rawQuery[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            var name = UriEncoding.Decode(equals < 0 ? pair : pair[..equals], plusIsSpace: true);
            var value = equals < 0 ? [] : UriEncoding.Decode(pair[(equals + 1)..], plusIsSpace: true);
            query._parameters.Add((Encoding.UTF8.GetString(name), name, value, equals >= 0));
        }

        return query;
    }

    public bool Contains(string name) => _parameters.Exists(parameter => parameter.Name == name);

    /// <returns>The first value with the name; <see langword="null"/> when it is missing.</returns>
    public string? Get(string name)
    {
        foreach (var parameter in _parameters)
        {
            if (parameter.Name == name)
            {
                return Encoding.UTF8.GetString(parameter.Value);
            }
        }

        return null;
    }

    /// <summary>Finds the first value of a header's name, whose case is ignored; <see langword="null"/> when it is missing.</summary>
    public string? Find(string header)
    {
        foreach (var parameter in _parameters)
        {
            if (parameter.Name.Equals(header, StringComparison.OrdinalIgnoreCase))
            {
                return Encoding.UTF8.GetString(parameter.Value);
            }
        }

        return null;
    }

    /// <summary>Writes name=value pairs, encoded again, and sorted by encoded name and then value, byte by byte.</summary>
    /// <param name="excluded">The parameter to leave out: the signature of a presigned URL.</param>
    /// <param name="destination">Receives ASCII.</param>
    public void WriteCanonical(string? excluded, IBufferWriter<byte> destination)
    {
        if (_parameters.Count == 0)
        {
            return;
        }

        var encoded = new List<(string Name, string Value)>(_parameters.Count);
        var scratch = new ArrayBufferWriter<byte>(256);
        foreach (var (name, nameBytes, value, _) in _parameters)
        {
            if (name != excluded)
            {
                encoded.Add((Encode(nameBytes, scratch), Encode(value, scratch)));
            }
        }

        encoded.Sort((left, right) =>
            string.CompareOrdinal(left.Name, right.Name) is not 0 and var byName ? byName : string.CompareOrdinal(left.Value, right.Value));

        for (var index = 0; index < encoded.Count; index++)
        {
            if (index > 0)
            {
                destination.Write("&"u8);
            }

            Encoding.ASCII.GetBytes(encoded[index].Name, destination);
            destination.Write("="u8);
            Encoding.ASCII.GetBytes(encoded[index].Value, destination);
        }
    }

    private static string Encode(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        UriEncoding.Encode(bytes, keepSlash: false, scratch);
        return Encoding.ASCII.GetString(scratch.WrittenSpan);
    }
}
