"""The templates from which a generation's indices are made. They never set the alias: the next generation is filled
beside the live one."""

from typing import Any

from elasticsearch import Elasticsearch

from index.elastic import analysis, mapping
from index.elastic.health import mapping as health_mapping
from index.elastic.names import Names
from index.queries.terms import Groups


def component(store_id: str, synonyms: Groups) -> dict[str, Any]:
    """Settings and mappings in one: the mappings' analyzers are looked for in the same template."""
    settings = mapping.settings()
    settings["analysis"]["filter"] |= analysis.synonyms(synonyms)
    return {"template": {"settings": settings, "mappings": _mappings(store_id)}, "_meta": _meta(store_id)}


def index_template(names: Names, generation: int, store_id: str) -> dict[str, Any]:
    name = names.template(generation)
    return {
        "index_patterns": [names.every_index(generation)],
        "composed_of": [name],
        "priority": 500,
        "_meta": _meta(store_id),
    }


def put(client: Elasticsearch, names: Names, generation: int, store_id: str, synonyms: Groups) -> None:
    name = names.template(generation)
    client.cluster.put_component_template(name=name, **_named(component(store_id, synonyms)))
    client.indices.put_index_template(name=name, **_named(index_template(names, generation, store_id)))


def put_health(client: Elasticsearch, names: Names) -> None:
    settings = {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}
    template = {"mappings": health_mapping(), "settings": settings}
    client.indices.put_index_template(name=names.health, index_patterns=[names.health], priority=500, template=template)


def found(client: Elasticsearch, names: Names) -> dict[int, dict[str, str]]:
    """The generations that have templates of ours: whose they are (`store`) and of which `version`."""
    answer = client.options(ignore_status=404).cluster.get_component_template(
        name=f"{names.articles}-g*",
        filter_path=["component_templates.name", "component_templates.component_template._meta"],
    )
    templates = {}
    for item in answer.body.get("component_templates", ()):
        generation = names.generation(item["name"])
        if generation is not None:
            templates[generation] = item["component_template"].get("_meta", {}).get("marsad", {})
    return templates


def rename_store(client: Elasticsearch, names: Names, generation: int, store_id: str) -> None:
    """Another store's from now on; settings and mappings stay what they are."""
    body = _body(client, names, generation)
    body["_meta"]["marsad"]["store"] = store_id
    body["template"]["mappings"]["_meta"]["marsad"]["store"] = store_id
    client.cluster.put_component_template(name=names.template(generation), **_named(body))


def change_synonyms(client: Elasticsearch, names: Names, generation: int, groups: Groups) -> None:
    """Of the months to come."""
    body = _body(client, names, generation)
    body["template"]["settings"]["index"]["analysis"]["filter"] |= analysis.synonyms(groups)
    client.cluster.put_component_template(name=names.template(generation), **_named(body))


def remove(client: Elasticsearch, names: Names, generation: int) -> None:
    name = names.template(generation)
    quiet = client.options(ignore_status=404)
    quiet.indices.delete_index_template(name=name)
    quiet.cluster.delete_component_template(name=name)


def _body(client: Elasticsearch, names: Names, generation: int) -> dict[str, Any]:
    answer = client.cluster.get_component_template(name=names.template(generation))
    told = answer["component_templates"][0]["component_template"]
    return {"template": told["template"], "_meta": told["_meta"]}


def _mappings(store_id: str) -> dict[str, Any]:
    return {"dynamic": "strict", "properties": mapping.properties(), "_meta": _meta(store_id)}


def _meta(store_id: str) -> dict[str, Any]:
    return {"marsad": {"store": store_id, "version": mapping.version()}}


def _named(body: dict[str, Any]) -> dict[str, Any]:
    return {"meta" if key == "_meta" else key: value for key, value in body.items()}
